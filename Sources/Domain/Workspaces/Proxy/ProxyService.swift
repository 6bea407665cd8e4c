package import Database
import Foundation
import Identity
import JSONAPI
package import Outgoing
package import Service

/// Calls another service with a workspace's variables filled in, for the actions of Terrakube's pages (api.md §3.12).
///
/// The variables include sensitive ones, and the caller names the target: whoever may call it could read them all.
/// So it takes the management of the workspace, which could read them by a run as well.
package struct ProxyService: Sendable {
    private let database: any SQLDatabase
    private let keyring: Keyring
    private let client: OutgoingClient

    package init(database: any SQLDatabase, keyring: Keyring, client: OutgoingClient) {
        self.database = database
        self.keyring = keyring
        self.client = client
    }

    /// - Parameter request: With `{{var.NAME}}` in its URL, the values of its headers and its body.
    /// - Throws: `APIError` 400, 403, 404; 502 when the target does not answer.
    package func forward(_ request: OutgoingRequest, workspace: String, as principal: Principal) async throws -> OutgoingResponse {
        let template = try await database.read { connection in
            try WorkspaceAccess(connection).require(.manageWorkspace, workspace: workspace, for: principal)
            let found = try WorkspaceAccess(connection).readable(workspace: workspace, for: principal)
            let variables = try VariableStore(connection, keyring: keyring)
                .variables(workspace: found.id, organization: found.organizationID)
            return ProxyTemplate(values: Dictionary(variables.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }))
        }
        let isJSON = request.headers.contains { $0.name.lowercased() == "content-type" && $0.value.contains("json") }
        let filled = OutgoingRequest(
            method: request.method,
            url: try template.fill(request.url, in: .url),
            headers: try request.headers.map { ($0.name, try template.fill($0.value, in: .text)) },
            body: try request.body.map { body in
                Data(try template.fill(String(decoding: body, as: UTF8.self), in: isJSON ? .json : .text).utf8)
            }
        )
        do {
            return try await client.send(filled)
        } catch let error as OutgoingError {
            switch error {
            case .invalidURL, .privateAddress: throw APIError.badRequest(error.description)
            case .unresolvable, .tooLarge, .timeout, .unreachable: throw APIError.badGateway(error.description)
            }
        }
    }
}
