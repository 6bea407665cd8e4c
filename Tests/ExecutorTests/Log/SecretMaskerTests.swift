import Foundation
import Testing
import Wire

@testable import Executor

@Suite("Masking")
struct SecretMaskerTests {
    private static func mask(_ values: [String], isHCL: Bool = false) -> SecretMask {
        SecretMask(variables: values.map { JobVariable(key: "k", value: $0, isHCL: isHCL, isSensitive: true) })
    }

    private static func masked(_ text: String, _ mask: SecretMask) -> String {
        var masker = SecretMasker(mask)
        return String(decoding: masker.add(Array(text.utf8)) + masker.finish(), as: UTF8.self)
    }

    @Test(
        "a secret is masked in every notation",
        arguments: [
            ("s3cret", "plain s3cret s3cret!", "plain *** ***!"),
            ("a\"b\\c<d", #"json a\"b\\c<d go a\"b\\c\u003cd"#, "json *** go ***"),
            ("a&b\"c", #"twice a\\u0026b\\\"c"#, "twice ***"),
            ("pre${x}", "hcl pre$${x}", "hcl ***"),
            ("p@ss word", "url p%40ss%20word", "url ***"),
            ("hunter2hunter", "b64 aHVudGVyMmh1bnRlcg== aHVudGVyMmh1bnRlcg", "b64 ***== ***"),
            ("first line\nsecond line", "first line / second line / first line\\nsecond line", "*** / *** / ***"),
            ("ab", "ab is too short to be hidden", "ab is too short to be hidden"),
            ("   ", "spaces   are no secret", "spaces   are no secret"),
        ]
    )
    func notations(secret: String, text: String, expected: String) {
        #expect(Self.masked(text, Self.mask([secret])) == expected)
    }

    @Test("the parts of a sensitive expression are masked, its keys are not")
    func expressions() {
        let mask = Self.mask([#"{ user = "anna", "password": "hunter2", list = ["one1", "two2"] }"#], isHCL: true)
        #expect(Self.masked("user anna password hunter2 one1 two2", mask) == "user *** password *** *** ***")
    }

    @Test("of overlapping secrets no byte is left")
    func overlap() {
        #expect(Self.masked("xabcdefghix", Self.mask(["abcdef", "defghi"])) == "x***x")
        #expect(Self.masked("abcabcdabc", Self.mask(["abc", "abcd"])) == "*********")
    }

    @Test("however the output is cut, it is masked as a whole", arguments: 0..<200)
    func cuts(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let secrets = (0..<Int.random(in: 1...4, using: &random)).map { _ in Self.word(3...7, &random) }
        let mask = Self.mask(secrets)
        var text = ""
        for _ in 0..<30 { text += Bool.random(using: &random) ? Self.word(1...5, &random) : secrets.randomElement(using: &random) ?? "" }
        var masker = SecretMasker(mask)
        var pieces: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = min(rest.count, Int.random(in: 1...6, using: &random))
            pieces += masker.add(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        pieces += masker.finish()
        #expect(String(decoding: pieces, as: UTF8.self) == Self.masked(text, mask))
        for secret in secrets { #expect(!String(decoding: pieces, as: UTF8.self).contains(secret)) }
    }

    /// Of an alphabet so small that secrets begin and overlap everywhere.
    private static func word(_ length: ClosedRange<Int>, _ random: inout SplitMix) -> String {
        String((0..<Int.random(in: length, using: &random)).map { _ in "abc".randomElement(using: &random) ?? "a" })
    }

    @Test("what cannot be a secret is shown at once")
    func promptness() {
        var masker = SecretMasker(Self.mask(["secret"]))
        #expect(masker.add(Array("a line\n".utf8)) == Array("a line\n".utf8))
        #expect(masker.add(Array("xx sec".utf8)) == Array("xx ".utf8))
        #expect(masker.add(Array("ond".utf8)) == Array("second".utf8))
    }
}

/// A generator with a seed (Steele et al., "Fast Splittable Pseudorandom Number Generators").
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x2545_F491_4F6C_DD1D }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
