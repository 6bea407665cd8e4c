import Foundation
import HTTPTypes

/// Binds an authorization to the browser that began it. Over https it has the `__Host-` prefix (RFC 6265bis §4.1.3.2);
/// `Lax` lets it come back from the provider's page, and from nothing that is embedded elsewhere.
struct ConnectCookie: Sendable {
    let isSecure: Bool

    private var name: String { isSecure ? "__Host-terrakube-connect" : "terrakube-connect" }

    func field(_ value: String, seconds: Int) -> HTTPField {
        let secure = isSecure ? "; Secure" : ""
        return HTTPField(name: .setCookie, value: "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax\(secure)")
    }

    func value(in headers: HTTPFields) -> String? {
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                if parts.count == 2, parts[0] == name { return parts[1] }
            }
        }
        return nil
    }
}
