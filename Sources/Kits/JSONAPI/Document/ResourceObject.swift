/// What names one resource in a document: `{"type": …, "id": …}`.
package struct ResourceIdentifier: Sendable, Hashable {
    package let type: String
    package let id: String

    package init(type: String, id: String) {
        self.type = type
        self.id = id
    }
}

/// What a relationship points at: its `data` member.
package enum ResourceLinkage: Sendable, Hashable {
    case one(ResourceIdentifier?)
    case many([ResourceIdentifier])
}

extension ResourceLinkage {
    var identifiers: [ResourceIdentifier] {
        switch self {
        case .one(let identifier): identifier.map { [$0] } ?? []
        case .many(let identifiers): identifiers
        }
    }
}

/// One resource as a document shows it. The order of its members is the order on the wire.
struct ResourceObject: Sendable {
    let identifier: ResourceIdentifier
    var attributes: [(name: String, value: JSONValue)] = []
    /// Nil linkage was not asked for.
    var relationships: [(name: String, linkage: ResourceLinkage?)] = []
}

extension JSONWriter {
    mutating func resource(_ resource: ResourceObject) {
        object { writer in
            writer.identity(resource.identifier)
            writer.member("attributes") { writer in
                writer.object { writer in
                    for (name, value) in resource.attributes { writer.member(name) { $0.value(value) } }
                }
            }
            writer.member("relationships") { writer in
                writer.object { writer in
                    for (name, linkage) in resource.relationships {
                        writer.member(name) { writer in
                            writer.object { writer in
                                if let linkage {
                                    writer.member("data") { $0.linkage(linkage) }
                                } else {
                                    // A relationship object holds data, links or meta: JSON:API 1.1, "Relationships".
                                    writer.member("meta") { $0.value(["omitted": true]) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    mutating func linkage(_ linkage: ResourceLinkage) {
        switch linkage {
        case .one(nil): value(.null)
        case .one(let identifier?): object { $0.identity(identifier) }
        case .many(let identifiers):
            array(identifiers) { writer, identifier in writer.object { $0.identity(identifier) } }
        }
    }

    private mutating func identity(_ identifier: ResourceIdentifier) {
        member("type") { $0.string(identifier.type) }
        member("id") { $0.string(identifier.id) }
    }
}
