import Database
import Foundation
package import JSONAPI
package import Service

/// The native shapes of a federated credential and its claims: which tokens of another issuer count as a group here.
/// The name is the group. They decide who gets in, so that only administrators see and write them.
package enum FederatedResource {
    package static let schema = ResourceSchema<Principal>(
        type: "federated",
        isRoot: true,
        isAudited: true,
        attributes: [
            ResourceAttribute("name", .string(limit: 256), isRequired: true),
            ResourceAttribute("issuerUrl", .string(limit: 256), isRequired: true),
            ResourceAttribute("audience", .string(limit: 256), isRequired: true),
        ],
        relationships: [.toMany("claims", "federated_claim", column: "federated_id")],
        isReadable: isReadable,
        writing: ResourceWriting(create: write, update: write, delete: Permissions.administratorRule)
    )

    package static let claimSchema = ResourceSchema<Principal>(
        type: "federated_claim",
        isAudited: true,
        attributes: [
            ResourceAttribute("claimKey", .string(limit: 256), isRequired: true),
            ResourceAttribute("claimValue", .string(limit: 1024), isRequired: true),
        ],
        relationships: [.toOne("federated", isWritable: false)],
        isReadable: isReadable,
        writing: ResourceWriting(create: writeClaim, update: writeClaim, delete: Permissions.administratorRule)
    )

    @Sendable
    private static func isReadable(_ principal: Principal, _: SQLTable) -> SQL {
        principal.isAdministrator ? "TRUE" : "FALSE"
    }

    @Sendable
    private static func write(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Permissions.requireAdministrator(context.caller)
        for (column, attribute) in [("name", "name"), ("audience", "audience")] { try requireText(of: draft, column, attribute) }
        let issuer: String = try draft.value("issuer_url") ?? ""
        try requireIssuer(issuer)
        let audience: String = try draft.value("audience") ?? ""
        let other = try context.transaction.row(
            "SELECT id FROM federated WHERE issuer_url = \(issuer) AND audience = \(audience) AND id <> \(draft.id)"
        )
        guard other == nil else {
            throw APIError.conflict(
                "A federated credential of this issuer and audience already exists: a token must not match two.",
                pointer: "/data/attributes/audience"
            )
        }
    }

    @Sendable
    private static func writeClaim(_ draft: inout ResourceDraft, in context: ResourceWriteContext<Principal>) throws {
        try Permissions.requireAdministrator(context.caller)
        try requireText(of: draft, "claim_key", "claimKey")
    }

    /// An issuer is an https URL without query and fragment (OpenID Connect Discovery 1.0 §3), spelled exactly as in the
    /// `iss` of its tokens.
    private static func requireIssuer(_ text: String) throws(APIError) {
        guard let url = URLComponents(string: text, encodingInvalidCharacters: false), url.scheme == "https", url.host?.isEmpty == false,
            url.user == nil, url.password == nil, url.query == nil, url.fragment == nil
        else {
            throw .invalid(
                attribute: "issuerUrl",
                "issuerUrl must be an https URL without user name, query and fragment, such as https://token.example.com."
            )
        }
    }

    /// A blank group or audience would match more than anybody meant.
    private static func requireText(of draft: ResourceDraft, _ column: String, _ attribute: String) throws {
        let text: String = try draft.value(column) ?? ""
        guard text.allSatisfy(\.isWhitespace) == false else {
            throw APIError.invalid(attribute: attribute, "\(attribute) must not be blank.")
        }
    }
}
