import Crypto
import Foundation
import HTTPTypes
import JSONAPI
import Service
import TestSupport
import Testing

@testable import Server

struct ForgedTokenTests {
    @Test("a token that was altered, or that somebody else signed, is refused", arguments: TestEngine.allCases)
    func forgery(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let genuine = try await server.makeToken(for: try await server.makeAccount("anna"), days: 1)
            let parts = genuine.split(separator: ".").map(String.init)
            try #require(parts.count == 3)
            let (header, payload) = (try Self.decode(parts[0]), try Self.decode(parts[1]))
            let ours = try #require(server.persistence.keyring.derivedKeys(purpose: "terrakube-token-signing").first)
            let theirs = SymmetricKey(size: .bits256)
            func signed(_ header: [String: JSONValue], _ payload: [String: JSONValue], by key: SymmetricKey) -> String {
                let body = "\(Self.encode(header)).\(Self.encode(payload))"
                return "\(body).\(Data(HMAC<SHA256>.authenticationCode(for: Data(body.utf8), using: key)).base64URL)"
            }
            try #require(signed(header, payload, by: ours).isEmpty == false)
            #expect(try await server.get("organization", as: .token(signed(header, payload, by: ours))).status == 200)

            let none = Self.encode(header.merging(["alg": "none"]) { _, new in new })
            let forged: [String: String] = [
                "another key": signed(header, payload, by: theirs),
                "another key without its id": signed(header.filter { $0.key != "kid" }, payload, by: theirs),
                "another key with an unknown id": signed(header.merging(["kid": "x"]) { _, new in new }, payload, by: theirs),
                "no signature": "\(parts[0]).\(parts[1]).",
                "algorithm none": "\(none).\(parts[1]).",
                "algorithm none with the signature": "\(none).\(parts[1]).\(parts[2])",
                "another payload": "\(parts[0]).\(Self.encode(payload.merging(["sub": "admin"]) { _, new in new })).\(parts[2])",
                "another issuer": signed(header, payload.merging(["iss": "Dex"]) { _, new in new }, by: ours),
                "another audience": signed(header, payload.merging(["aud": "TerrakubeInternal"]) { _, new in new }, by: ours),
                "no audience": signed(header, payload.filter { $0.key != "aud" }, by: ours),
                "an end that has come": signed(header, payload.merging(["exp": 1_700_000_000]) { _, new in new }, by: ours),
                "no id": signed(header, payload.filter { $0.key != "jti" }, by: ours),
                "the id of no row": signed(
                    header,
                    payload.merging(["jti": "00000000-0000-0000-0000-000000000000"]) { _, new in new },
                    by: ours
                ),
                "a personal token as one of a job": signed(
                    header,
                    payload.merging(["iss": "TerrakubeInternal", "aud": "TerrakubeInternal"]) { _, new in new },
                    by: ours
                ),
                "cut short": String(genuine.dropLast()),
                "two parts": "\(parts[0]).\(parts[1])",
                "four parts": "\(genuine).x",
                "nothing": "",
                "nonsense": "a.b.c",
            ]
            for (name, token) in forged {
                let answer = try await server.get("organization", as: .token(token))
                #expect(answer.status == 401, "\(name)")
                #expect(answer.headers[.wwwAuthenticate] == "Bearer realm=\"terrakube\"", "\(name)")
            }
        }
    }

    private static func encode(_ object: [String: JSONValue]) -> String {
        JSONValue.object(object).serialised().base64URL
    }

    private static func decode(_ part: String) throws -> [String: JSONValue] {
        let padded = part.replacing("-", with: "+").replacing("_", with: "/") + String(repeating: "=", count: (4 - part.count % 4) % 4)
        let bytes = try #require(Data(base64Encoded: padded))
        return try #require(try JSONValue(parsing: bytes).object)
    }
}
