/// Where to go after signing in: a path on this server, and nothing that a browser could take for another one.
struct ReturnPath: Sendable, Equatable {
    let path: String

    /// - Returns: Nil for anything but an absolute path: `//host` and `/\host` lead away, as do schemes; browsers drop
    ///   tabs and newlines before they look. Source: <https://url.spec.whatwg.org/#url-parsing>.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= 2048, bytes.allSatisfy({ (0x21...0x7E).contains($0) }),
            bytes.contains(UInt8(ascii: "\\")) == false, bytes.dropFirst().first != UInt8(ascii: "/")
        else { return nil }
        // Signing in must not lead back to signing in.
        let path = text.split(separator: "?", maxSplits: 1).first.map(String.init) ?? text
        guard path != "/login", path != "/logout" else { return nil }
        self.path = text
    }

    /// The path as the value of a query parameter: only unreserved characters and slashes are left as they are.
    var queryValue: String {
        path.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                String(UnicodeScalar(byte))
            default:
                "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
