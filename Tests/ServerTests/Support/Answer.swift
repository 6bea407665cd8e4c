import Foundation
import HTTPTypes
import JSONAPI

/// What the server answered.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; null when it is none.
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }

    /// The one resource of a document.
    var data: JSONValue? { json["data"] }
    var id: String? { data?["id"]?.string }
    var attributes: [String: JSONValue] { data?["attributes"]?.object ?? [:] }

    /// The ids of a document's list.
    var ids: [String] { (data?.array ?? []).compactMap { $0["id"]?.string } }

    /// One attribute of every resource of a list.
    func values(_ attribute: String) -> [JSONValue] {
        (data?.array ?? []).map { $0["attributes"]?[attribute] ?? .null }
    }

    /// What the first error says.
    var detail: String { json["errors"]?.array?.first?["detail"]?.string ?? "" }
    var pointer: String? { json["errors"]?.array?.first?["source"]?["pointer"]?.string }
}
