import Foundation
import JSONAPI
import Testing

struct JSONTests {
    @Test(
        "valid texts are read",
        arguments: [
            ("null", .null), (" true ", true), ("-0", 0), ("9223372036854775807", 9_223_372_036_854_775_807),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5e2", .number(150)),
            (#""a\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00é""#, "a\"\\/\u{8}\u{C}\n\r\tä😀é"), ("[]", []), ("{}", [:]),
            (#"{"a":[1,{"b":null}],"a":2}"#, ["a": 2]), ("[ 1 , [ ] , { } ]", [1, [], [:]]),
        ] as [(String, JSONValue)]
    )
    func valid(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: Data(text.utf8)) == value)
    }

    @Test(
        "broken texts are refused where they break",
        arguments: [
            ("", 0), (" ", 1), ("nul", 0), ("01", 2), ("-", 1), ("1.", 2), ("1e", 2), ("+1", 0), ("1 2", 2), ("[1,]", 3), ("[1", 2),
            (#"{"a"}"#, 4), (#"{"a":1,}"#, 7), ("{1:2}", 1), (#""a"#, 2), ("\"a\nb\"", 2), (#""\x""#, 3), (#""\u12g4""#, 3),
            (#""\ud800""#, 7), (#""\ud800\u0041""#, 13), (#""\udc00""#, 7), ("1e999", 5), ("'a'", 0), ("\u{FEFF}1", 0), ("[1}", 2),
            ("NaN", 0),
        ]
    )
    func broken(text: String, offset: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Data(text.utf8)) }
        #expect(error?.offset == offset)
    }

    @Test("invalid UTF-8 is refused")
    func invalidUTF8() {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Data([0x22, 0xC3, 0x22])) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Data([0x22, 0xED, 0xA0, 0x80, 0x22])) }
    }

    @Test("64 levels are read and the 65th is refused")
    func depth() throws {
        let levels = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try JSONValue(parsing: Data(levels.utf8))
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Data(String(repeating: "[", count: 4_000_000).utf8)) }
        #expect(error?.offset == 64)
    }

    @Test("what is written can be read again, and members are sorted")
    func roundTrip() throws {
        let value: JSONValue = ["b": ["x", .number(0.5), -3, nil, true, [:], []], "a": "\u{1}\u{1F}\"\\\n\r\tü😀/", "": .number(1e300)]
        let text = value.serialised()
        #expect(try JSONValue(parsing: text) == value)
        let sorted = JSONValue.object(["b": 1, "a": [1, nil]]).serialised()
        #expect(String(decoding: sorted, as: UTF8.self) == #"{"a":[1,null],"b":1}"#)
    }
}
