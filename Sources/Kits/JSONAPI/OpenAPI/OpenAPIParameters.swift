/// The query parameters of lists and of single resources.
struct OpenAPIParameters<Caller: Sendable> {
    private let type: ResourceType<Caller>

    init(_ type: ResourceType<Caller>) {
        self.type = type
    }

    /// The parameters that depend on the type, by their component's name.
    var all: [String: JSONValue] {
        let attributes = type.attributes.map(\.name)
        let relationships = type.relationships.map(\.name)
        let toOne = type.relationships.filter { $0.kind.isToMany == false }.map(\.name)
        var sortable = "(\((["id"] + attributes).joined(separator: "|")))"
        if toOne.isEmpty == false { sortable += "|(\(toOne.joined(separator: "|")))([.][A-Za-z]+)+" }
        var parameters: [String: JSONValue] = [
            "filter.\(type.name)": Self.parameter(
                "filter[\(type.name)]",
                "A filter in RSQL: `attribute==value`, joined by `;` (and) and `,` (or). Other types take filters too.",
                ["type": "string", "examples": ["id=isnull=false"]]
            ),
            "fields.\(type.name)": Self.list(
                "fields[\(type.name)]",
                "The attributes and relationships to show. Other types take fields too.",
                ["enum": .array((attributes + relationships).map { .string($0) })]
            ),
            "sort.\(type.name)": Self.list(
                "sort",
                "What to order by; a minus turns the order round.",
                ["type": "string", "pattern": .string("^-?(\(sortable))$")]
            ),
        ]
        if relationships.isEmpty == false {
            parameters["include.\(type.name)"] = Self.list(
                "include",
                "The relationships to follow.",
                ["type": "string", "pattern": .string("^(\(relationships.joined(separator: "|")))([.][A-Za-z]+)*$")]
            )
        }
        return parameters
    }

    /// References to all that a GET takes.
    func references(isList: Bool) -> [JSONValue] {
        let own = ["filter", "sort"].filter { _ in isList } + ["fields"] + (type.relationships.isEmpty ? [] : ["include"])
        let shared = isList ? ["filter"] + OpenAPIParameters<Void>.pages.map { "page.\($0.key)" } : []
        return own.map { .component("parameters/\($0).\(type.name)") } + shared.map { .component("parameters/\($0)") }
    }

    /// The parameters that are part of a path.
    static func identifiers(of template: PathTemplate<Caller>) -> [JSONValue] {
        template.identifiers.map { name, type in
            ["name": .string(name), "in": "path", "required": true, "schema": type.identity.schema]
        }
    }

    static func parameter(_ name: String, _ description: String, _ schema: JSONValue) -> JSONValue {
        ["name": .string(name), "in": "query", "description": .string(description), "schema": schema]
    }

    private static func list(_ name: String, _ description: String, _ items: JSONValue) -> JSONValue {
        [
            "name": .string(name), "in": "query", "description": .string(description), "style": "form", "explode": false,
            "schema": ["type": "array", "items": items],
        ]
    }
}

extension OpenAPIParameters where Caller == Void {
    static var pages: [(key: String, description: String, schema: JSONValue)] {
        let size: JSONValue = ["type": "integer", "minimum": 1, "maximum": .integer(Int64(ResourcePage.maximumSize))]
        let cursor: JSONValue = ["type": "string"]
        return [
            ("number", "Which page, from 1 on.", ["type": "integer", "minimum": 1]),
            ("size", "How many resources a page has, \(ResourcePage.defaultSize) when nothing is said.", size),
            ("offset", "How many resources to skip.", ["type": "integer", "minimum": 0]),
            ("limit", "How many resources to show.", size),
            ("first", "How many resources to show after the cursor.", size),
            ("after", "The `endCursor` of the page before.", cursor),
            ("last", "How many resources to show before the cursor.", size),
            ("before", "The `startCursor` of the page after.", cursor),
            ("totals", "Counts all pages and resources; it needs no value.", ["type": "string", "maxLength": 8]),
        ]
    }

    /// The parameters that all types share.
    static var shared: [String: JSONValue] {
        var parameters = [
            "filter": parameter("filter", "A filter of the listed type.", ["type": "string", "examples": ["id=isnull=false"]])
        ]
        for (key, description, schema) in pages {
            parameters["page.\(key)"] = parameter("page[\(key)]", description, schema)
        }
        return parameters
    }
}
