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
}
