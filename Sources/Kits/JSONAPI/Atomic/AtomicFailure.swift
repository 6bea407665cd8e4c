import Foundation

/// Why an atomic request was given up, and at which of its operations.
struct AtomicFailure: Error, Sendable {
    private let operation: Int
    private let count: Int
    private let reason: APIError

    /// - Parameter reason: Its pointer begins at the operation.
    init(operation: Int, of count: Int, _ reason: APIError) {
        self.operation = operation
        self.count = count
        self.reason = APIError(
            status: reason.status,
            title: reason.title,
            detail: reason.detail,
            pointer: "/\(AtomicDocument.member)/\(operation)\(reason.pointer ?? "")",
            parameter: reason.parameter
        )
    }

    /// Terrakube has two shapes, and its UI tells them apart by the status: an operation that made no sense answers 400
    /// with an error for each operation; one that a rule has refused answers as it would outside of the extension.
    var response: ResourceResponse {
        guard [400, 404, 405, 413].contains(reason.status) else { return ResourceResponse(reason) }
        let elements = (0..<count).map { index -> JSONValue in
            if index < operation { return ["errors": [["detail": "Subsequent operation failed."]]] }
            if index > operation { return ["errors": [["detail": "Operation not executed. Terminated by earlier failure."]]] }
            return ["errors": [reason.object]]
        }
        return ResourceResponse(
            status: 400,
            headers: ["content-type": MediaType.atomic],
            body: JSONValue.array(elements).serialised()
        )
    }
}
