package import Foundation
package import JSONAPI

/// A raw Terraform state (format version 4), opened.
package struct StateDocument: Sendable {
    package let serial: Int
    package let lineage: String
    package let terraformVersion: String
    let root: JSONValue

    /// - Throws: `APIError` 400 when the bytes are no state that we know.
    package init(_ data: Data) throws {
        guard
            let root = try? JSONValue(parsing: data), root["version"]?.integer == 4,
            let serial = root["serial"]?.integer, serial >= 0, let lineage = root["lineage"]?.string, lineage.isEmpty == false
        else { throw APIError.badRequest("The body is no Terraform state of format version 4.") }
        self.root = root
        self.serial = Int(serial)
        self.lineage = lineage
        self.terraformVersion = root["terraform_version"]?.string ?? ""
    }

    /// The root module's outputs by name.
    package var outputs: [String: JSONValue] {
        (root["outputs"]?.object ?? [:]).mapValues { stored in
            .object([
                "sensitive": stored["sensitive"] ?? false,
                "value": stored["value"] ?? .null,
                "type": stored["type"] ?? "dynamic",
            ])
        }
    }
}
