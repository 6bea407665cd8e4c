import Foundation

/// Where a server is: scheme, host, port and perhaps a path before everything else.
struct ServerURL: Sendable, Equatable, CustomStringConvertible {
    /// Without a slash at the end.
    let description: String
    private let components: URLComponents

    /// - Throws: `ClientError.invalid` for anything but an http or https address without a password in it.
    init(_ text: String) throws(ClientError) {
        let trimmed = text.trimmingCharacters(in: CharacterSet(charactersIn: "/").union(.whitespaces))
        guard let components = URLComponents(string: trimmed), ["http", "https"].contains(components.scheme?.lowercased()),
            let host = components.host, host.isEmpty == false, components.query == nil, components.fragment == nil
        else {
            throw .invalid("\(text) is no server address; write http://HOST:PORT or https://HOST.")
        }
        guard components.user == nil, components.password == nil else {
            throw .invalid("The server address must not hold a password; the token goes into TERRAKUBE_TOKEN.")
        }
        self.components = components
        description = trimmed
    }

    /// The address of something on the server.
    ///
    /// - Parameter segments: Escaped here, so that none can lead elsewhere.
    func url(_ segments: [String], query: [(name: String, value: String)] = []) -> String {
        let path = segments.map { "/" + Self.escaped($0) }.joined()
        let parameters = query.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }.joined(separator: "&")
        return description + path + (parameters.isEmpty ? "" : "?" + parameters)
    }

    /// Where to go when the server names an address of its own. It may know itself by another name than we reach it
    /// by, and the token goes only to the server that the user named: of another origin, only the path counts.
    func rebased(_ address: String) throws(ClientError) -> String {
        guard let other = URLComponents(string: address) else {
            throw .invalid("The server sent an address that can't be read.")
        }
        if address.hasPrefix(description + "/") { return address }
        var result = components
        result.percentEncodedPath = other.percentEncodedPath
        result.percentEncodedQuery = other.percentEncodedQuery
        guard let text = result.string else { throw .invalid("The server sent an address that can't be used.") }
        return text
    }

    /// RFC 3986: unreserved characters stay as they are.
    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    )
}
