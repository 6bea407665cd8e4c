/// The values of one field, each below 64: a bit for each.
struct CronSet: Sendable, Hashable, ExpressibleByArrayLiteral {
    private(set) var bits: UInt64 = 0

    init(arrayLiteral elements: Int...) {
        for element in elements { insert(element) }
    }

    init(_ values: some Sequence<Int>) {
        for value in values { insert(value) }
    }

    var isEmpty: Bool { bits == 0 }

    /// 0 of an empty set, which the parser makes of no field.
    var lowest: Int { first(from: 0) ?? 0 }

    mutating func insert(_ value: Int) {
        bits |= 1 << UInt64(value)
    }

    mutating func formUnion(_ other: CronSet) {
        bits |= other.bits
    }

    func intersection(_ other: CronSet) -> CronSet {
        var result = self
        result.bits &= other.bits
        return result
    }

    func contains(_ value: Int) -> Bool {
        (0..<64).contains(value) && bits & (1 << UInt64(value)) != 0
    }

    /// The least value that is not below `value`.
    func first(from value: Int) -> Int? {
        guard value < 64 else { return nil }
        let rest = bits & (UInt64.max << UInt64(max(value, 0)))
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }
}
