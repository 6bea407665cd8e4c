/// A number of permits for something scarce; who comes when none is left waits in line.
package actor Permits {
    private var available: Int
    private var line: [CheckedContinuation<Void, Never>] = []

    package init(_ number: Int) {
        available = number
    }

    package func take() async {
        if available > 0 {
            available -= 1
        } else {
            await withCheckedContinuation { line.append($0) }
        }
    }

    package func giveBack() {
        if line.isEmpty {
            available += 1
        } else {
            line.removeFirst().resume()
        }
    }
}
