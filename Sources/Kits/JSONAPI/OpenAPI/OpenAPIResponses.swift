/// What operations answer: one component for each status of a refusal.
enum OpenAPIResponses {
    private static let refusals: [(status: Int, description: String)] = [
        (400, "The request makes no sense: the error says where."),
        (401, "Nobody has signed in, or the token is not valid."),
        (403, "You may not do this."),
        (404, "There is nothing here that you may read."),
        (406, "The client takes no media type that is given here."),
        (409, "What is there already stands against it."),
        (413, "The body is too large."),
        (415, "The body is of another media type."),
        (423, "The resource is locked."),
        (424, "Another system, on which this depends, has refused."),
        (503, "The database is busy; try again in a moment."),
    ]

    /// The components, by status.
    static var all: [String: JSONValue] {
        Dictionary(
            refusals.map { status, description in
                (String(status), ["description": .string(description), "content": content(.component("schemas/Errors"))])
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    static func content(_ schema: JSONValue) -> JSONValue {
        [ResourceResponse.mediaType: ["schema": schema]]
    }

    /// The responses of an operation.
    ///
    /// - Parameters:
    ///   - schema: Of the answer's body; nil when there is none.
    ///   - writes: Whether rules decide about it.
    ///   - takesBody: Whether a body is read.
    static func responses(_ status: Int, _ description: String, _ schema: JSONValue?, writes: Bool, takesBody: Bool) -> JSONValue {
        var success: [String: JSONValue] = ["description": .string(description)]
        if let schema { success["content"] = content(schema) }
        let refused = [400, 401, 404, 406, 503] + (writes ? [403, 409, 423, 424] : []) + (takesBody ? [413, 415] : [])
        var responses = Dictionary(
            refused.map { (String($0), JSONValue.component("responses/\($0)")) },
            uniquingKeysWith: { first, _ in first }
        )
        responses[String(status)] = .object(success)
        return .object(responses)
    }
}
