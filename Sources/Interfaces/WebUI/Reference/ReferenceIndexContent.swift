import JSONAPI

/// The types of the API, as the page `/api-docs` lists them.
struct ReferenceIndexContent: Sendable {
    struct TypeRow: Sendable {
        let name: String
        /// How it is reached, the shortest ways first.
        let paths: [String]
        let operations: Int
    }

    let title: String
    let description: String
    let types: [TypeRow]

    init(_ document: JSONValue) {
        let operations = ReferenceOperation.all(in: document)
        title = document["info"]?["title"]?.string ?? ""
        description = document["info"]?["description"]?.string ?? ""
        types = (document["tags"]?.array ?? []).compactMap { $0["name"]?.string }.map { name in
            let own = operations.filter { $0.tag == name }
            let lists = own.contains(where: \.isList) ? own.filter(\.isList) : own
            let shortest = Set(lists.map(\.path)).sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
            return TypeRow(name: name, paths: Array(shortest.prefix(2)), operations: own.count)
        }
    }
}
