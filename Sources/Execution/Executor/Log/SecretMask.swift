import Wire

/// The byte sequences that must not appear in a log: every sensitive value of a job, also in the notations in which
/// programs print it. Built once per job.
struct SecretMask: Sendable {
    /// Shorter values are everywhere in ordinary text; masking them would hide the log and protect nothing.
    static let minimumLength = 3

    /// Longest first among those that begin with the same two bytes.
    private let patterns: [[UInt8]]
    /// For each possible pair of first bytes, the patterns that begin with it; a range of `patterns`, or an empty one.
    private let ranges: [Range<Int>]
    /// For each pair of first bytes, one more than its index in `ranges`, or zero.
    private let lookup: [UInt16]
    private let firstBytes: Set<UInt8>

    var isEmpty: Bool { patterns.isEmpty }

    /// - Parameters:
    ///   - variables: The sensitive ones among them are masked.
    ///   - secrets: Further values, such as tokens.
    init(variables: [JobVariable], secrets: [String] = []) {
        var values = Set<String>()
        for variable in variables where variable.isSensitive {
            values.insert(variable.value)
            if variable.isHCL { values.formUnion(HCLStrings.values(in: variable.value)) }
        }
        values.formUnion(secrets)
        self.init(patterns: values.filter { $0.utf8.count >= Self.minimumLength }.flatMap(SecretNotations.all))
    }

    private init(patterns: [[UInt8]]) {
        let usable = patterns.filter { $0.count >= Self.minimumLength && $0.contains { $0 > 0x20 } }
        let sorted = Set(usable).sorted { left, right in
            left[0] != right[0] ? left[0] < right[0] : left[1] != right[1] ? left[1] < right[1] : left.count > right.count
        }
        var ranges: [Range<Int>] = []
        var lookup = sorted.isEmpty ? [] : [UInt16](repeating: 0, count: 1 << 16)
        for (index, pattern) in sorted.enumerated() {
            let pair = Self.pair(pattern[0], pattern[1])
            if lookup[pair] == 0 {
                ranges.append(index..<index + 1)
                lookup[pair] = UInt16(ranges.count)
            } else {
                ranges[ranges.count - 1] = ranges[ranges.count - 1].lowerBound..<index + 1
            }
        }
        self.patterns = sorted
        self.ranges = ranges
        self.lookup = lookup
        firstBytes = Set(sorted.map { $0[0] })
    }

    enum Match: Equatable {
        case none
        /// The longest secret that begins here.
        case length(Int)
        /// Only the next bytes can tell.
        case undecided
    }

    /// What begins at `index`.
    ///
    /// - Parameter isComplete: Nothing comes after the buffer.
    func match(in buffer: UnsafeBufferPointer<UInt8>, at index: Int, isComplete: Bool) -> Match {
        let available = buffer.count - index
        guard available > 1 else {
            return !isComplete && firstBytes.contains(buffer[index]) ? .undecided : .none
        }
        let bucket = Int(lookup[Self.pair(buffer[index], buffer[index + 1])])
        guard bucket > 0 else { return .none }
        for pattern in patterns[ranges[bucket - 1]] {
            if pattern.count > available {
                if !isComplete, Self.isEqual(pattern, buffer, index, count: available) { return .undecided }
            } else if Self.isEqual(pattern, buffer, index, count: pattern.count) {
                return .length(pattern.count)
            }
        }
        return .none
    }

    private static func pair(_ first: UInt8, _ second: UInt8) -> Int {
        Int(first) << 8 | Int(second)
    }

    private static func isEqual(_ pattern: [UInt8], _ buffer: UnsafeBufferPointer<UInt8>, _ index: Int, count: Int) -> Bool {
        for offset in 2..<max(2, count) where pattern[offset] != buffer[index + offset] { return false }
        return true
    }
}
