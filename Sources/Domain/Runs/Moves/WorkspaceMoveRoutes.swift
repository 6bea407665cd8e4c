package import Hummingbird
package import Service

/// `POST /migrate/v1/workspace/{workspace}/moveTo/{organization}` (api.md §3.14).
package struct WorkspaceMoveRoutes: Sendable {
    private let moves: WorkspaceMoveService

    package init(moves: WorkspaceMoveService) {
        self.moves = moves
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        router.post("migrate/v1/workspace/:workspace/moveTo/:organization", use: move)
    }

    @Sendable
    private func move(request: Request, context: ServerContext) async throws -> Response {
        try await moves.move(
            workspace: try context.parameters.require("workspace"),
            to: try context.parameters.require("organization"),
            as: try context.requirePrincipal()
        )
        return Response(status: .ok)
    }
}
