import Testing

@testable import CommandLineUI

struct RunViewTests {
    @Test(
        "durations are as precise as people want them",
        arguments: [
            (Duration.milliseconds(40), "40 ms"), (.seconds(1), "1.0 s"), (.milliseconds(2190), "2.1 s"), (.seconds(59.99), "59.9 s"),
            (.seconds(65), "1 min 05 s"), (.seconds(3725), "62 min 05 s"),
        ]
    )
    func durations(duration: Duration, text: String) {
        #expect(RunView.text(duration) == text)
    }

    @Test("colours only where they are wanted")
    func colours() {
        #expect(Console(hasColours: false, isInteractive: false).coloured("x", .red) == "x")
        #expect(Console(hasColours: true, isInteractive: false).coloured("x", .red) == "\u{1b}[31mx\u{1b}[0m")
    }
}
