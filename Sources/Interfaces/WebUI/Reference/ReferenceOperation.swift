import JSONAPI

/// One operation of an OpenAPI document.
struct ReferenceOperation: Sendable {
    let tag: String
    /// In capitals.
    let method: String
    /// What the method's badge looks like.
    let tone: String
    let path: String
    let summary: String
    let statuses: String
    /// Whether it shows a list of resources.
    let isList: Bool

    /// The operations of a document, by path and then as people think of them: look, create, change, delete.
    static func all(in document: JSONValue) -> [ReferenceOperation] {
        let base = document["servers"]?.array?.first?["url"]?.string ?? ""
        let paths = (document["paths"]?.object ?? [:]).sorted { $0.key < $1.key }
        return paths.flatMap { path, item in
            methods.compactMap { method, tone in
                guard let operation = item[method] else { return nil }
                return ReferenceOperation(
                    tag: operation["tags"]?.array?.first?.string ?? "",
                    method: method.uppercased(),
                    tone: tone,
                    path: base + path,
                    summary: operation["summary"]?.string ?? "",
                    statuses: (operation["responses"]?.object ?? [:]).keys.sorted().joined(separator: " "),
                    isList: operation["operationId"]?.string?.hasSuffix(".list") == true
                )
            }
        }
    }

    private static let methods = [("get", "active"), ("post", "success"), ("patch", "attention"), ("delete", "danger")]
}
