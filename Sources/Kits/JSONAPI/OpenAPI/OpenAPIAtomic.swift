/// The description of atomic operations.
enum OpenAPIAtomic {
    static let tag = "operations"

    static var path: JSONValue {
        let body: JSONValue = ["schema": .component("schemas/Operations")]
        let responses = OpenAPIResponses.responses(200, "What each operation created.", nil, writes: true, takesBody: true)
        guard case .object(var statuses) = responses else { return [:] }
        statuses["200"] = ["description": "What each operation created.", "content": content("Operations.Results")]
        statuses["400"] = [
            "description": "The request makes no sense as a whole, or one of its operations does not: then there is an element for each.",
            "content": [
                ResourceResponse.mediaType: [
                    "schema": ["oneOf": [.component("schemas/Errors"), .component("schemas/Operations.Errors")]]
                ],
                MediaType.atomic: ["schema": .component("schemas/Operations.Errors")],
            ],
        ]
        return [
            "post": [
                "operationId": "operations.perform",
                "summary": "Carry out several operations, all or none of them",
                "description": "Atomic operations: https://jsonapi.org/ext/atomic/.",
                "tags": [.string(tag)],
                "requestBody": [
                    "required": true,
                    "content": [MediaType.atomic: body, ResourceResponse.mediaType: body, "application/json": body],
                ],
                "responses": .object(statuses),
            ]
        ]
    }

    static var schemas: [String: JSONValue] {
        [
            "Operations": [
                "type": "object",
                "required": ["atomic:operations"],
                "properties": [
                    "atomic:operations": [
                        "type": "array", "minItems": 1, "maxItems": .integer(Int64(AtomicDocument.maximumOperations)),
                        "items": .component("schemas/Operation"),
                    ]
                ],
            ],
            "Operation": [
                "type": "object",
                "required": ["op"],
                "properties": [
                    "op": ["enum": .array(AtomicOperation.Verb.allCases.map { .string($0.rawValue) })],
                    "href": ["type": "string", "description": "A path, with or without the base of the API."],
                    "ref": [
                        "type": "object",
                        "required": ["type"],
                        "properties": [
                            "type": ["type": "string"], "id": ["type": "string"], "lid": ["type": "string"],
                            "relationship": ["type": "string"],
                        ],
                    ],
                    "data": ["description": "A resource, resource identifiers, or null."],
                ],
            ],
            "Operations.Results": [
                "type": "object",
                "required": ["atomic:results"],
                "properties": [
                    "atomic:results": [
                        "type": "array",
                        "items": [
                            "type": "object", "required": ["data"],
                            "properties": ["data": ["oneOf": [.component("schemas/Resource"), ["type": "null"]]]],
                        ],
                    ]
                ],
            ],
            "Operations.Errors": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["errors"],
                    "properties": [
                        "errors": [
                            "type": "array",
                            "items": ["type": "object", "required": ["detail"], "properties": ["detail": ["type": "string"]]],
                        ]
                    ],
                ],
            ],
        ]
    }

    private static func content(_ schema: String) -> JSONValue {
        [MediaType.atomic: ["schema": .component("schemas/\(schema)")]]
    }
}
