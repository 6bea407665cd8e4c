/// A JSON:API document as far as we read one: its data, and what came along.
/// Source: <https://jsonapi.org/format/#document-structure>.
struct APIDocument<Primary: Decodable & Sendable, Included: Decodable & Sendable>: Decodable, Sendable {
    let data: Primary
    let included: [APIResource<Included>]?
}

/// One resource, with the attributes that we are interested in.
struct APIResource<Attributes: Decodable & Sendable>: Decodable, Sendable {
    let id: String
    let attributes: Attributes
    let relationships: [String: APILinkage]?
}

/// What a relationship points at.
struct APILinkage: Decodable, Sendable {
    /// The id at the other end of a to-one relationship; nil when there is none, or for a list.
    let id: String?

    private enum CodingKeys: CodingKey {
        case data
    }

    private struct Identifier: Decodable {
        let id: String
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = (try? container.decodeIfPresent(Identifier.self, forKey: .data))?.id
    }
}

/// For documents in which only ids count.
struct NoAttributes: Codable, Sendable {}

/// What is sent to create or to change a resource.
struct ResourceBody<Attributes: Encodable & Sendable>: Encodable, Sendable {
    struct Identifier: Encodable, Sendable {
        let type: String
        let id: String
    }

    struct Relationship: Encodable, Sendable {
        let data: Identifier
    }

    struct Resource: Encodable, Sendable {
        let type: String
        let id: String?
        let attributes: Attributes
        let relationships: [String: Relationship]?
    }

    let data: Resource

    init(type: String, id: String? = nil, attributes: Attributes, relationships: [String: Identifier] = [:]) {
        data = Resource(
            type: type,
            id: id,
            attributes: attributes,
            relationships: relationships.isEmpty ? nil : relationships.mapValues(Relationship.init)
        )
    }
}
