import Foundation
package import Hummingbird
import JSONAPI
package import Service

/// `/tfstate/v1`: state versions for people and clients (api.md §3.6).
package struct StateRoutes: Sendable {
    private let states: StateService

    package init(states: StateService) {
        self.states = states
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        router.get("tfstate/v1/organization/:organization/workspace/:workspace/state/:file", use: read)
        router.put("tfstate/v1/organization/:organization/workspace/:workspace/rollback/:file", use: rollback)
    }

    /// `terraform.tfstate` is the current raw state, `<version>.json` a version as `terraform show -json` prints it,
    /// `<version>.raw.json` its raw bytes.
    @Sendable
    private func read(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let workspace = try context.parameters.require("workspace")
        let file = try context.parameters.require("file")
        if file == "terraform.tfstate" {
            guard let data = try await states.current(workspace: workspace, as: principal) else {
                throw APIError.notFound("The workspace has no state yet.")
            }
            return .data(data, type: "application/json")
        }
        guard file.hasSuffix(".json") else { throw APIError.notFound("There is no \(file).") }
        let name = String(file.dropLast(".json".count))
        let isRaw = name.hasSuffix(".raw")
        let version = isRaw ? String(name.dropLast(".raw".count)) : name
        let raw = try await states.version(version, workspace: workspace, as: principal)
        return .data(isRaw ? raw : try StateDocument(raw).shown.serialised(), type: "application/json")
    }

    /// `<version>.json` names the version that comes back.
    @Sendable
    private func rollback(request: Request, context: ServerContext) async throws -> Response {
        let file = try context.parameters.require("file")
        guard file.hasSuffix(".json") else { throw APIError.notFound("There is no \(file).") }
        try await states.rollback(
            to: String(file.dropLast(".json".count)),
            workspace: try context.parameters.require("workspace"),
            as: try context.requirePrincipal()
        )
        return Response(
            status: .created,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: "Rollback successful"))
        )
    }
}
