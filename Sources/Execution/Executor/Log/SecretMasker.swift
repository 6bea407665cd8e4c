/// Replaces secrets in a stream of bytes, however it is cut. The result for a stream is the same as for its
/// concatenation: where secrets overlap, all of their bytes are masked.
struct SecretMasker {
    static let replacement = Array("***".utf8)

    private let mask: SecretMask
    /// Bytes that may be the beginning of a secret; shorter than the longest one.
    private var held: [UInt8] = []
    /// How many of the held bytes belong to a secret that is already masked.
    private var covered = 0

    init(_ mask: SecretMask) {
        self.mask = mask
    }

    /// - Returns: What can be shown now.
    mutating func add(_ bytes: some Collection<UInt8>) -> [UInt8] {
        guard !mask.isEmpty else { return Array(bytes) }
        return process(bytes, isComplete: false)
    }

    /// - Returns: What was held back.
    mutating func finish() -> [UInt8] {
        process([], isComplete: true)
    }

    private mutating func process(_ bytes: some Collection<UInt8>, isComplete: Bool) -> [UInt8] {
        held.append(contentsOf: bytes)
        var output: [UInt8] = []
        output.reserveCapacity(held.count)
        var coveredEnd = covered
        let taken = held.withUnsafeBufferPointer { buffer in
            var index = 0
            scan: while index < buffer.count {
                switch mask.match(in: buffer, at: index, isComplete: isComplete) {
                case .undecided:
                    break scan
                case .length(let length):
                    if index >= coveredEnd { output.append(contentsOf: Self.replacement) }
                    coveredEnd = max(coveredEnd, index + length)
                case .none:
                    if index >= coveredEnd { output.append(buffer[index]) }
                }
                index += 1
            }
            return index
        }
        covered = max(0, coveredEnd - taken)
        held.removeFirst(taken)
        return output
    }
}
