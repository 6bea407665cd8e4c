package import Database
package import Foundation
package import JSONAPI
package import Service

/// Makes jobs for whoever is no HTTP request, exactly as a POST makes them: by the rules, the defaults and the audit of
/// the native API.
package struct JobMaker: Sendable {
    private let api: ResourceAPI<Principal>
    private let ids: IDSource

    /// - Parameter api: Knows the type `job`.
    package init(api: ResourceAPI<Principal>, ids: IDSource) {
        self.api = api
        self.ids = ids
    }

    /// - Parameters:
    ///   - attributes: As a client would send them, such as `templateReference` and `via`.
    ///   - principal: Who is named as the job's author, and must be allowed to make it.
    /// - Returns: The job's number.
    /// - Throws: `APIError`, `DatabaseError`; then the transaction has to be given up.
    package func make(
        in workspace: String,
        _ attributes: [String: JSONValue],
        as principal: Principal,
        transaction: any SQLTransaction,
        now: Date
    ) throws -> Int {
        let context = ResourceWriteContext(transaction: transaction, caller: principal, now: now, newID: ids.next)
        let link = ResourceLinkage.one(ResourceIdentifier(type: "workspace", id: workspace))
        let id = try api.create("job", attributes: attributes, relationships: ["workspace": link], in: context)
        guard let number = Int(id) else { throw DatabaseError.unexpectedResult("a job has the id \(id)") }
        return number
    }
}
