/// Why a request failed, as the caller is told: the members of a JSON:API error object.
///
/// Services throw it, and one place turns it into the shape of the API that was called. `detail` is read by people:
/// it says what was wrong and, where it helps, what would be right; it never holds a secret.
/// Source: <https://jsonapi.org/format/#error-objects>.
package struct APIError: Error, Sendable, Equatable {
    /// The HTTP status.
    package let status: Int
    package let title: String
    package let detail: String
    /// A JSON Pointer into the request document, such as `/data/attributes/name`.
    package let pointer: String?
    /// The query parameter that was wrong.
    package let parameter: String?

    package init(status: Int, title: String, detail: String, pointer: String? = nil, parameter: String? = nil) {
        self.status = status
        self.title = title
        self.detail = detail
        self.pointer = pointer
        self.parameter = parameter
    }
}

extension APIError {
    package static func badRequest(_ detail: String, pointer: String? = nil, parameter: String? = nil) -> APIError {
        APIError(status: 400, title: "Bad request", detail: detail, pointer: pointer, parameter: parameter)
    }

    /// A value that the request may not have; `attribute` is where it stood.
    package static func invalid(attribute: String, _ detail: String) -> APIError {
        APIError(status: 400, title: "Invalid attribute", detail: detail, pointer: "/data/attributes/\(attribute)")
    }

    package static func invalid(relationship: String, _ detail: String) -> APIError {
        APIError(status: 400, title: "Invalid relationship", detail: detail, pointer: "/data/relationships/\(relationship)")
    }

    package static func unauthorized(_ detail: String = "A valid bearer token is required.") -> APIError {
        APIError(status: 401, title: "Unauthorized", detail: detail)
    }

    package static func forbidden(_ detail: String) -> APIError {
        APIError(status: 403, title: "Forbidden", detail: detail)
    }

    package static func notFound(_ detail: String) -> APIError {
        APIError(status: 404, title: "Not found", detail: detail)
    }

    package static func conflict(_ detail: String, pointer: String? = nil) -> APIError {
        APIError(status: 409, title: "Conflict", detail: detail, pointer: pointer)
    }

    package static func methodNotAllowed(_ detail: String) -> APIError {
        APIError(status: 405, title: "Method not allowed", detail: detail)
    }

    package static func tooLarge(_ detail: String) -> APIError {
        APIError(status: 413, title: "Request too large", detail: detail)
    }

    package static func unsupportedMediaType(_ detail: String) -> APIError {
        APIError(status: 415, title: "Unsupported media type", detail: detail)
    }

    package static func locked(_ detail: String) -> APIError {
        APIError(status: 423, title: "Locked", detail: detail)
    }

    /// Another service, which the request needs, did not answer.
    package static func badGateway(_ detail: String) -> APIError {
        APIError(status: 502, title: "Bad gateway", detail: detail)
    }
}
