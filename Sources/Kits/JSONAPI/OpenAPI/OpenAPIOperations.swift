/// The operations that a path has.
struct OpenAPIOperations<Caller: Sendable> {
    private let template: PathTemplate<Caller>
    private let type: ResourceType<Caller>

    init(_ template: PathTemplate<Caller>) {
        self.template = template
        type = template.type
    }

    /// The path item.
    var path: JSONValue {
        var item = operations
        let identifiers = OpenAPIParameters.identifiers(of: template)
        if identifiers.isEmpty == false { item["parameters"] = .array(identifiers) }
        return .object(item)
    }

    private var operations: [String: JSONValue] {
        switch template.end {
        case .root:
            return list("List every \(type.name) that you may read", takesNew: true)
        case .record:
            return record("a \(type.name)")
        case .related(let relationship, _) where relationship.kind.isToMany:
            return list("List the \(relationship.name) of \(owner)", takesNew: relationship.takesNew)
        case .related(let relationship, _):
            let create = relationship.takesNew ? creation : [:]
            return record("the \(relationship.name) of \(owner)").merging(create) { first, _ in first }
        case .linkage(let relationship, _):
            return linkage(relationship)
        }
    }

    private var owner: String { "a \(template.owner?.name ?? "resource")" }

    // MARK: Resources

    private func list(_ summary: String, takesNew: Bool) -> [String: JSONValue] {
        let parameters = OpenAPIParameters(type).references(isList: true)
        let list = operation("list", summary, parameters, .component("schemas/\(type.name).List"))
        return ["get": list].merging(takesNew ? creation : [:]) { first, _ in first }
    }

    private func record(_ what: String) -> [String: JSONValue] {
        let rules = type.schema.writing
        var operations = [
            "get": operation(
                "get",
                "Get \(what)",
                OpenAPIParameters(type).references(isList: false),
                .component("schemas/\(type.name).Document")
            )
        ]
        if rules.update != nil {
            operations["patch"] = write("update", "Change \(what)", body: .component("schemas/\(type.name).Update"))
        }
        if rules.delete != nil { operations["delete"] = write("delete", "Delete \(what)", body: nil) }
        return operations
    }

    /// Nothing when nobody creates such resources.
    private var creation: [String: JSONValue] {
        guard type.schema.writing.create != nil else { return [:] }
        return [
            "post": operation(
                "create",
                "Create a \(type.name)",
                OpenAPIParameters(type).references(isList: false),
                .component("schemas/\(type.name).Document"),
                status: 201,
                body: .component("schemas/\(type.name).Create")
            )
        ]
    }

    // MARK: Linkage

    private func linkage(_ relationship: ResourceRelationship) -> [String: JSONValue] {
        let isToMany = relationship.kind.isToMany
        let pages = OpenAPIParameters<Void>.pages.map { JSONValue.component("parameters/page.\($0.key)") }
        var operations = [
            "get": operation(
                "get",
                "Get the ids of the \(relationship.name) of \(owner)",
                isToMany ? pages : [],
                .component("schemas/\(isToMany ? "ToMany" : "ToOne").Document")
            )
        ]
        guard relationship.isWritable, template.owner?.schema.writing.update != nil else { return operations }
        let body = relationship.requestSchema
        operations["patch"] = write("replace", "Replace the \(relationship.name) of \(owner)", body: body)
        if isToMany {
            operations["post"] = write("add", "Add to the \(relationship.name) of \(owner)", body: body)
            operations["delete"] = write("remove", "Remove from the \(relationship.name) of \(owner)", body: body)
        }
        return operations
    }

    // MARK: Parts

    private func write(_ verb: String, _ summary: String, body: JSONValue?) -> JSONValue {
        operation(verb, summary, [], nil, status: 204, body: body, writes: true)
    }

    private func operation(
        _ verb: String,
        _ summary: String,
        _ parameters: [JSONValue],
        _ answer: JSONValue?,
        status: Int = 200,
        body: JSONValue? = nil,
        writes: Bool = false
    ) -> JSONValue {
        let segments = template.text.split(separator: "/").map { $0.hasPrefix("{") ? "id" : String($0) }
        var operation: [String: JSONValue] = [
            "operationId": .string((segments + [verb]).joined(separator: ".")),
            "summary": .string(summary),
            "tags": [.string(type.name)],
            "responses": OpenAPIResponses.responses(
                status,
                answer == nil ? "Done." : "What was asked for.",
                answer,
                writes: writes || status == 201,
                takesBody: body != nil
            ),
        ]
        if parameters.isEmpty == false { operation["parameters"] = .array(parameters) }
        if let body { operation["requestBody"] = ["required": true, "content": OpenAPIResponses.content(body)] }
        return .object(operation)
    }
}

extension ResourceRelationship {
    /// Whether a resource can be created at the other end, below this one.
    fileprivate var takesNew: Bool { ownerColumn != nil || isWritable }
}
