package import Foundation
package import Hummingbird
import JSONAPI

extension Request {
    /// The body as JSON, whatever the content type says: the plain endpoints' clients differ in what they send.
    ///
    /// - Throws: `APIError` 400 that says where the body went wrong, 413 when it is too large.
    package func json<Body: Decodable>(_ type: Body.Type, upTo limit: Int = 1024 * 1024) async throws -> Body {
        let bytes = try await wholeBody(upTo: limit)
        do {
            return try JSONDecoder().decode(type, from: bytes)
        } catch let DecodingError.typeMismatch(_, context), let DecodingError.valueNotFound(_, context) {
            throw APIError.badRequest("The value at \(context.codingPath.jsonPointer) has another type than expected.")
        } catch let DecodingError.keyNotFound(key, context) {
            throw APIError.badRequest("The member \((context.codingPath + [key]).jsonPointer) is missing.")
        } catch {
            throw APIError.badRequest("The request body is not valid JSON.")
        }
    }

    /// The body in memory.
    ///
    /// - Throws: `APIError` 413 when it has more than `limit` bytes.
    package func wholeBody(upTo limit: Int) async throws -> Data {
        do {
            return Data((try await body.collect(upTo: limit)).readableBytesView)
        } catch {
            throw APIError.tooLarge("The request body has more than \(limit) bytes.")
        }
    }
}

extension [any CodingKey] {
    fileprivate var jsonPointer: String {
        map { "/" + ($0.intValue.map(String.init) ?? $0.stringValue) }.joined()
    }
}
