import Foundation
import JSONAPI

/// `docs/compatibility.md`, made from the declarations and the routes that the server runs by.
struct CompatibilityDocument {
    /// What nobody has written a note for yet.
    private(set) var unexplained: [String] = []
    private(set) var text = """
        # Compatibility with Terrakube

        Made by `UPDATE_DOCS=1 script/test --filter Compatibility` from the server's own declarations and routes; CI fails when it is
        out of date. *same*: what clients send and get is the same. *better*: the same, and a defect of Terrakube's is gone.
        *differs*: a client may notice. *ours*: Terrakube has no such thing.

        In all of the native API: lists leave out what the caller can't read by SQL; every type can be paginated; linkage is
        checked in one statement; an unknown attribute is an error that names it (400), except those that shipped clients send in
        vain; errors have `status`, `title`, `detail` and `source`; PATCH, DELETE and POST answer 204, 204 and 201 as Terrakube's do.

        ## Types of the native API

        | type | verdict | why |
        | --- | --- | --- |

        """

    /// - Parameters:
    ///   - openAPI: The description of the native API.
    ///   - routes: Path and method of every route of the server.
    init(openAPI: JSONValue, routes: [(path: String, method: String)]) {
        for (type, note) in CompatibilityNote.types.sorted(by: { $0.key < $1.key }) {
            append([type, note.verdict.rawValue, note.reason])
        }
        text += "\n## Paths below `/api/v1`\n\n| path | methods | type | verdict |\n| --- | --- | --- | --- |\n"
        for (path, item) in (openAPI["paths"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            let operations = (item.object ?? [:]).filter { ["get", "post", "patch", "delete"].contains($0.key) }
            let type = operations.values.compactMap { $0["tags"]?.array?.first?.string }.first ?? ""
            if path == "/operations" {
                append([path, methods(operations.keys), "atomic operations", "better"])
            } else if let note = CompatibilityNote.types[type] {
                append([path, methods(operations.keys), type, note.verdict.rawValue])
            } else {
                unexplained.append(path)
            }
        }
        text += "\n## Everything else\n\n| path | methods | verdict | why |\n| --- | --- | --- | --- |\n"
        let byPath = Dictionary(grouping: routes) { Self.readable($0.path) }
        for (path, routes) in byPath.sorted(by: { $0.key < $1.key }) {
            if let note = CompatibilityNote.endpoints[path] {
                append([path, methods(routes.map(\.method)), note.verdict.rawValue, note.reason])
            } else if CompatibilityNote.pages.contains(where: { path.hasPrefix("\($0)/") || path == $0 }) == false {
                unexplained.append(path)
            }
        }
        text += "\n## Not there\n\n| path | why |\n| --- | --- |\n"
        for (path, reason) in CompatibilityNote.missing { text += "| \(path) | \(reason) |\n" }
    }

    private mutating func append(_ cells: [String]) {
        text += "| \(cells[0].isEmpty ? "" : "`\(cells[0])`") | \(cells.dropFirst().joined(separator: " | ")) |\n"
    }

    private func methods(_ methods: some Sequence<String>) -> String {
        let order = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return Set(methods.map { $0.uppercased() }).subtracting(["HEAD"])
            .sorted { (order.firstIndex(of: $0) ?? order.count, $0) < (order.firstIndex(of: $1) ?? order.count, $1) }
            .joined(separator: " ")
    }

    /// `/a/:b` → `/a/{b}`.
    private static func readable(_ path: String) -> String {
        let parts = path.split(separator: "/").map { part in
            part.hasPrefix(":") ? "{\(part.dropFirst())}" : part.hasPrefix("${") ? String(part.dropFirst()) : String(part)
        }
        return "/" + parts.joined(separator: "/")
    }
}
