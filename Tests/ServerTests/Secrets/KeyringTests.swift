import Foundation
import Service
import Testing

struct KeyringTests {
    private static let old = Data(repeating: 1, count: 32)
    private static let new = Data(repeating: 2, count: 32)
    private static let plaintext = Data("the plaintext".utf8)

    @Test("what was sealed opens, and looks different each time")
    func roundTrip() throws {
        let keyring = try Keyring(masterKeys: [Self.old])
        let (first, second) = (try keyring.seal(Self.plaintext, context: "c"), try keyring.seal(Self.plaintext, context: "c"))
        #expect(first != second)
        #expect(first.range(of: Self.plaintext) == nil)
        #expect(try keyring.open(first, context: "c") == Self.plaintext)
        #expect(try keyring.open(second, context: "c") == Self.plaintext)
        #expect(try keyring.open(try keyring.seal(Data(), context: "c"), context: "c") == Data())
        #expect(try keyring.open(text: try keyring.seal(text: "ä", context: "c"), context: "c") == "ä")
    }

    @Test("an envelope that was altered anywhere, or cut short, does not open")
    func tampering() throws {
        let keyring = try Keyring(masterKeys: [Self.old])
        let envelope = try keyring.seal(Self.plaintext, context: "c")
        for index in envelope.indices {
            var altered = envelope
            altered[index] ^= 0x80
            #expect(throws: KeyringError.self, "byte \(index)") { try keyring.open(altered, context: "c") }
        }
        for length in 0..<envelope.count {
            #expect(throws: KeyringError.damaged) { try keyring.open(envelope.prefix(length), context: "c") }
        }
        #expect(throws: KeyringError.damaged) { try keyring.open(envelope + [0], context: "c") }
        #expect(throws: KeyringError.damaged) { try keyring.open(text: "no base64!", context: "c") }
    }

    @Test("an envelope opens only where it belongs")
    func contexts() throws {
        let keyring = try Keyring(masterKeys: [Self.old])
        let envelope = try keyring.seal(Self.plaintext, context: "variable/1")
        #expect(throws: KeyringError.damaged) { try keyring.open(envelope, context: "variable/2") }
        #expect(throws: KeyringError.damaged) { try keyring.open(envelope, context: "") }
        // The parts of two envelopes do not fit together.
        let other = try keyring.seal(Self.plaintext, context: "variable/1")
        #expect(throws: KeyringError.damaged) { try keyring.open(envelope.prefix(72) + other.dropFirst(72), context: "variable/1") }
    }

    @Test("a new key seals while the old one still opens; without it the old envelopes are closed")
    func rotation() throws {
        let before = try Keyring(masterKeys: [Self.old])
        let during = try Keyring(masterKeys: [Self.new, Self.old])
        let after = try Keyring(masterKeys: [Self.new])
        let envelope = try before.seal(Self.plaintext, context: "c")
        #expect(try during.open(envelope, context: "c") == Self.plaintext)
        #expect(throws: KeyringError.unknownKey) { try after.open(envelope, context: "c") }
        let resealed = try during.seal(Self.plaintext, context: "c")
        #expect(try after.open(resealed, context: "c") == Self.plaintext)
        #expect(throws: KeyringError.unknownKey) { try before.open(resealed, context: "c") }
        #expect(during.derivedKeys(purpose: "x") == after.derivedKeys(purpose: "x") + before.derivedKeys(purpose: "x"))
        #expect(during.derivedKeys(purpose: "x") != during.derivedKeys(purpose: "y"))
    }

    @Test("slices of larger data are sealed and opened as well")
    func slices() throws {
        let keyring = try Keyring(masterKeys: [Self.old])
        let slice = (Data("prefix".utf8) + Self.plaintext).dropFirst(6)
        let envelope = Data("xx".utf8) + (try keyring.seal(slice, context: "c"))
        #expect(try keyring.open(envelope.dropFirst(2), context: "c") == Self.plaintext)
    }

    @Test(
        "a key that is no key is refused",
        arguments: ["", ",", "AAAA", "not base64", "\(Data(repeating: 1, count: 31).base64EncodedString())"]
    )
    func badKeys(text: String) {
        #expect(throws: KeyringError.badMasterKey) { try Keyring(text: text) }
    }

    @Test("keys are read as text, the newest first, whatever stands around them")
    func text() throws {
        let keyring = try Keyring(text: " \(Self.new.base64EncodedString()) ,\n\(Self.old.base64EncodedString())\n")
        let envelope = try Keyring(masterKeys: [Self.old]).seal(Self.plaintext, context: "c")
        #expect(try keyring.open(envelope, context: "c") == Self.plaintext)
        _ = try Keyring(text: Keyring.generate())
    }
}
