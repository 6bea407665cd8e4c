package import Hummingbird
import Identity
import JSONAPI
package import Service

/// `/access-token/v1/teams/permissions` and `/access-token/v1/teams/current-teams`, with Terrakube's shapes and status
/// codes (api.md §3.9).
package struct PermissionRoutes: Sendable {
    /// Terrakube's `PermissionSet`.
    private struct PermissionSet: Encodable {
        let manageState: Bool
        let manageWorkspace: Bool
        let manageModule: Bool
        let manageProvider: Bool
        let manageVcs: Bool
        let manageTemplate: Bool
        let manageCollection: Bool
        let manageJob: Bool
        let planJob: Bool
        let approveJob: Bool
        let managePermission: Bool

        init(_ granted: Set<Permission>) {
            manageState = granted.contains(.manageState)
            manageWorkspace = granted.contains(.manageWorkspace)
            manageModule = granted.contains(.manageModule)
            manageProvider = granted.contains(.manageProvider)
            manageVcs = granted.contains(.manageVcs)
            manageTemplate = granted.contains(.manageTemplate)
            manageCollection = granted.contains(.manageCollection)
            manageJob = granted.contains(.planJob) || granted.contains(.approveJob)
            planJob = granted.contains(.planJob)
            approveJob = granted.contains(.approveJob)
            managePermission = granted.contains(.manageWorkspace)
        }
    }

    private let permissions: PermissionService

    package init(permissions: PermissionService) {
        self.permissions = permissions
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        router.group("access-token/v1/teams")
            .get("current-teams", use: currentTeams)
            .get("permissions/organization/:organization", use: organization)
            .get("permissions/organization/:organization/workspace/:workspace", use: workspace)
    }

    @Sendable
    private func currentTeams(request: Request, context: ServerContext) async throws -> Response {
        try .json(["groups": try context.requirePrincipal().groups.sorted()], status: .accepted)
    }

    @Sendable
    private func organization(request: Request, context: ServerContext) async throws -> Response {
        let granted = try await permissions.granted(
            organization: try context.parameters.require("organization"),
            to: try context.requirePrincipal()
        )
        return try .json(PermissionSet(granted), status: .accepted)
    }

    @Sendable
    private func workspace(request: Request, context: ServerContext) async throws -> Response {
        let granted = try await permissions.granted(
            organization: try context.parameters.require("organization"),
            workspace: try context.parameters.require("workspace"),
            to: try context.requirePrincipal()
        )
        return try .json(PermissionSet(granted), status: .accepted)
    }
}
