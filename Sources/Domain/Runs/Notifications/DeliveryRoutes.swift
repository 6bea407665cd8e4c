package import Database
package import Hummingbird
import Identity
import JSONAPI
package import Service
import Workspaces

/// `/notification/v1/workspace/{workspace}/deliveries` (api.md §3.15): what became of notifications. Nothing is
/// delivered yet, so the list is empty and there is nothing to try again.
package struct DeliveryRoutes: Sendable {
    private struct Delivery: Encodable {}

    private let database: any SQLDatabase

    package init(database: any SQLDatabase) {
        self.database = database
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        let group = router.group("notification/v1/workspace/:workspace/deliveries")
        group.get(use: list)
        group.post(":id/retry", use: retry)
    }

    @Sendable
    private func list(request: Request, context: ServerContext) async throws -> Response {
        try await requireManager(context)
        return try .json([Delivery]())
    }

    @Sendable
    private func retry(request: Request, context: ServerContext) async throws -> Response {
        try await requireManager(context)
        throw APIError.notFound("There is no delivery \(try context.parameters.require("id")).")
    }

    private func requireManager(_ context: ServerContext) async throws {
        let principal = try context.requirePrincipal()
        let workspace = try context.parameters.require("workspace")
        try await database.read { try WorkspaceAccess($0).require(.manageWorkspace, workspace: workspace, for: principal) }
    }
}
