import Database
package import Foundation

extension APIError {
    /// What the caller is told about `error`; nil when it is none of theirs and has to be logged instead.
    package init?(describing error: any Error) {
        switch error {
        case let error as APIError:
            self = error
        case let error as JSONSyntaxError:
            self = .badRequest("The body is no JSON document: \(error.reason), at byte \(error.offset).")
        case DatabaseError.uniqueViolation:
            self = .conflict("This operation conflicts with data that already exists.")
        case DatabaseError.foreignKeyViolation:
            self = .conflict("Other data refers to this resource, or it refers to data that is gone.")
        case DatabaseError.constraintViolation:
            self = .badRequest("The database refuses these values.")
        case DatabaseError.unavailable, is CancellationError:
            self = APIError(status: 503, title: "Service unavailable", detail: "The database is busy; try again in a moment.")
        default:
            return nil
        }
    }

    package static let unexpected = APIError(
        status: 500,
        title: "Internal server error",
        detail: "The request could not be completed. The server's log says why."
    )

    /// `{"errors": […]}`, the shape of Terrakube's errors with the members that JSON:API adds.
    package func document() -> Data {
        JSONValue.object(["errors": .array([object])]).serialised()
    }

    /// The error object alone.
    package var object: JSONValue {
        var members: [String: JSONValue] = ["status": .string(String(status)), "title": .string(title), "detail": .string(detail)]
        if let pointer { members["source"] = ["pointer": .string(pointer)] }
        if let parameter { members["source"] = ["parameter": .string(parameter)] }
        return .object(members)
    }
}
