/// The description of a resource API that tools read, made from the declarations that the API itself runs by.
///
/// Source: <https://spec.openapis.org/oas/v3.1.1.html>.
package struct OpenAPIDocument: Sendable {
    /// The whole document. Equal declarations give equal documents.
    package let json: JSONValue

    init<Caller>(title: String, version: String, basePath: String, catalogue: ResourceCatalogue<Caller>) throws {
        let types = catalogue.types.values.sorted { $0.name < $1.name }
        var paths: [String: JSONValue] = [ResourceAPI<Caller>.atomicPath: OpenAPIAtomic.path]
        for template in try PathTemplate.all(in: catalogue) {
            paths[template.text] = OpenAPIOperations(template).path
        }
        var schemas = OpenAPISchemas.shared.merging(OpenAPIAtomic.schemas) { _, new in new }
        var parameters = OpenAPIParameters.shared
        for type in types {
            schemas.merge(OpenAPISchemas(type).all) { _, new in new }
            parameters.merge(OpenAPIParameters(type).all) { _, new in new }
        }
        json = [
            "openapi": "3.1.0",
            "info": ["title": .string(title), "version": .string(version), "description": .string(Self.description)],
            "servers": [["url": .string(basePath)]],
            "security": [["bearer": []]],
            "tags": .array(types.map { ["name": .string($0.name)] } + [["name": .string(OpenAPIAtomic.tag)]]),
            "paths": .object(paths),
            "components": [
                "securitySchemes": ["bearer": ["type": "http", "scheme": "bearer"]],
                "schemas": .object(schemas),
                "parameters": .object(parameters),
                "responses": .object(OpenAPIResponses.all),
            ],
        ]
    }

    private static let description = """
        Documents follow JSON:API 1.1 (https://jsonapi.org/format/). Lists take filters in RSQL, such as \
        filter[workspace]=name==net*;locked==false, where a filter of another type than the listed one narrows what is linked and \
        included. The parameter include follows relationships, fields[type] narrows what is shown, and page[…] cuts the list. What \
        you may not read is not there: it answers 404.
        """
}

extension ResourceAPI {
    /// - Parameter version: Of the program, as `info.version` shows it.
    package func openAPI(title: String, version: String) throws -> OpenAPIDocument {
        try OpenAPIDocument(title: title, version: version, basePath: basePath, catalogue: catalogue)
    }
}

extension JSONValue {
    /// A reference to a component: `schemas/Errors`.
    static func component(_ path: String) -> JSONValue {
        ["$ref": .string("#/components/\(path)")]
    }
}
