import Foundation

/// A repository on another machine that may be fetched from. Having one means that its address was checked: it cannot
/// be taken for an option, name a local path, or start a helper program (`ext::sh -c …`).
package struct GitSource: Sendable, Hashable {
    /// The address without credentials, query and trailing slash.
    package let url: String
    /// The scheme, host and port, such as `https://git.example.com:8443`: what credentials are good for.
    package let origin: String
    /// What stood in front of the host, if anything did.
    package let credentials: GitCredentials?

    /// - Parameter url: An `http://` or `https://` address.
    /// - Throws: `ToolError.refused`, whose text does not repeat credentials.
    package init(url text: String) throws {
        guard !text.unicodeScalars.contains(where: { $0.value <= 32 || $0.value == 127 }) else {
            throw ToolError.refused("The repository address contains spaces or control characters.")
        }
        guard let components = URLComponents(string: text), let scheme = components.scheme?.lowercased(), text.contains("://") else {
            throw ToolError.refused("The repository address must be an http:// or https:// URL.")
        }
        guard scheme == "http" || scheme == "https" else {
            throw ToolError.refused("Repositories are not fetched over \(scheme)://, only over https:// and http://.")
        }
        guard let host = components.encodedHost, !host.isEmpty, !host.hasPrefix("-") else {
            throw ToolError.refused("The repository address names no host.")
        }
        guard components.query == nil, components.fragment == nil else {
            throw ToolError.refused("The repository address must not have a query or a fragment; a branch or tag is given on its own.")
        }
        origin = "\(scheme)://\(host.lowercased())" + (components.port.map { ":\($0)" } ?? "")
        var path = components.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        url = origin + path
        credentials = components.user.map { GitCredentials(username: $0, password: components.password ?? "") }
    }

    /// The repository that a submodule names: relative addresses (`../module.git`) are resolved against this one, as
    /// gitmodules(5) says.
    ///
    /// - Throws: `ToolError.refused`.
    func submodule(url text: String) throws -> GitSource {
        guard text.hasPrefix("./") || text.hasPrefix("../") else { return try GitSource(url: text) }
        var path = url.dropFirst(origin.count).split(separator: "/").map(String.init)
        for part in text.split(separator: "/") {
            switch part {
            case ".": continue
            case "..":
                guard !path.isEmpty else { throw ToolError.refused("The submodule address \(text) leaves the host.") }
                path.removeLast()
            default: path.append(String(part))
            }
        }
        return try GitSource(url: origin + "/" + path.joined(separator: "/"))
    }
}
