package import Foundation
package import HTTPTypes
package import Hummingbird

extension Response {
    /// An answer of the plain JSON endpoints; dates in Java's form with milliseconds and offset (api.md §0, fact 4).
    package static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true)) + "+00:00")
        }
        let body = try encoder.encode(value)
        return .data(body, type: "application/json", status: status)
    }

    /// An answer of bytes.
    package static func data(_ data: Data, type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
}
