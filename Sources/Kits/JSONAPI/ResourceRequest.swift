package import Foundation

/// A request to the resource API, free of any HTTP library.
package struct ResourceRequest: Sendable {
    /// `GET`, `POST`, …
    package let method: String
    /// Below the base, still percent-encoded: `/organization/{id}/workspace`.
    package let path: String
    /// What follows the question mark, as it was sent.
    package let query: String?
    package let contentType: String?
    package let accept: String?
    package let body: Data

    package init(
        method: String,
        path: String,
        query: String? = nil,
        contentType: String? = nil,
        accept: String? = nil,
        body: Data = Data()
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.contentType = contentType
        self.accept = accept
        self.body = body
    }
}

/// The answer to a `ResourceRequest`.
package struct ResourceResponse: Sendable, Equatable {
    package let status: Int
    /// In lower case: `content-type`, `location`, `allow`, `retry-after`.
    package let headers: [String: String]
    package let body: Data?

    package init(status: Int, headers: [String: String] = [:], body: Data? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static let mediaType = "application/vnd.api+json"

    /// The document that tells about a refusal.
    package init(_ error: APIError) {
        var headers = ["content-type": Self.mediaType]
        if error.status == 503 { headers["retry-after"] = "1" }
        self.init(status: error.status, headers: headers, body: error.document())
    }

    init(status: Int = 200, headers: [String: String] = [:], _ document: ResourceDocument) {
        var writer = JSONWriter()
        writer.document(document)
        self.init(status: status, headers: headers, json: writer)
    }

    init(status: Int, headers: [String: String], json: JSONWriter) {
        self.init(
            status: status,
            headers: headers.merging(["content-type": Self.mediaType]) { old, _ in old },
            body: Data(json.bytes)
        )
    }

    /// Refuses a method, and says which are possible.
    init(methodNotAllowed method: String, allow methods: String) {
        let refusal = ResourceResponse(.methodNotAllowed("\(method.quotable) is not possible here; \(methods) are."))
        self.init(status: refusal.status, headers: refusal.headers.merging(["allow": methods]) { old, _ in old }, body: refusal.body)
    }
}

extension ResourceRequest {
    /// The body, read.
    ///
    /// - Parameter isAtomic: Whether the media types of the atomic extension count too.
    /// - Throws: `APIError` 415 or 413, `JSONSyntaxError`.
    func json(isAtomic: Bool = false) throws -> JSONValue {
        try MediaType.requireReadable(contentType, isAtomic: isAtomic)
        guard body.count <= ResourceAPI<Void>.maximumBodyLength else {
            throw APIError.tooLarge("A body has at most \(ResourceAPI<Void>.maximumBodyLength) bytes.")
        }
        return try JSONValue(parsing: body, maximumValues: ResourceAPI<Void>.maximumBodyValues)
    }
}
