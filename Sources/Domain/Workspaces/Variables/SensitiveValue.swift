import Database
import JSONAPI
import Service

/// How a variable's value is kept: in clear, or sealed when the variable is sensitive. A sensitive value can be
/// replaced but never read back, nor made readable by taking the flag away.
struct SensitiveValue: Sendable {
    let keyring: Keyring
    /// The table, which is also the envelope's context together with the row's id.
    let table: String

    /// Seals the value on its way in.
    ///
    /// - Throws: `APIError` 400 when a sensitive variable would become readable with the value that it has.
    func seal(_ draft: inout ResourceDraft) throws {
        let isSensitive: Bool = try draft.value("sensitive") ?? false
        let wasSensitive: Bool = try draft.previous?.find("sensitive") ?? false
        let isNewValue = draft.previous == nil || draft.sent.contains("value")
        if wasSensitive, isSensitive == false, isNewValue == false {
            throw APIError.invalid(
                attribute: "sensitive",
                "A sensitive variable cannot become readable with the value that it has; send a new value with it."
            )
        }
        guard isSensitive, isNewValue || wasSensitive == false else { return }
        let value: String = try draft.value("value") ?? ""
        draft.set("value", try keyring.seal(text: value, context: "\(table)/\(draft.id)"))
    }

    /// The value in clear, for the run of a job.
    func open(_ row: SQLRow) throws -> String {
        let value: String = try row.get("value")
        guard try row.get("sensitive", as: Bool.self) else { return value }
        return try keyring.open(text: value, context: "\(table)/\(row.get("id", as: String.self))")
    }
}

extension SensitiveValue {
    /// The attributes that variables of a workspace and of an organization share. The value is readable while it is
    /// not sensitive; elsewhere it is absent.
    static func attributes(keyLimit: Int = 1024, descriptionLimit: Int) -> [ResourceAttribute<Principal>] {
        [
            ResourceAttribute("key", .string(limit: keyLimit), isRequired: true),
            ResourceAttribute(
                "value",
                .string(limit: 1_000_000),
                isRequired: true,
                isReadable: { _, row in "NOT \(row["sensitive"])" }
            ),
            ResourceAttribute("description", .string(limit: descriptionLimit)),
            ResourceAttribute("category", .enumeration(["TERRAFORM", "ENV"]), isRequired: true),
            ResourceAttribute("sensitive", .boolean, isRequired: true, defaultValue: false),
            ResourceAttribute("hcl", .boolean, isRequired: true, defaultValue: false),
        ]
    }
}
