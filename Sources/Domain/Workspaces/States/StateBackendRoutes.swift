import Foundation
import HTTPTypes
package import Hummingbird
import JSONAPI
package import Service

/// Terraform's `http` backend: where the runs of jobs read, lock and write state.
/// Source: <https://developer.hashicorp.com/terraform/language/backend/http>.
package struct StateBackendRoutes: Sendable {
    /// States beyond this are refused; Terraform itself becomes unusable long before.
    private static let sizeLimit = 512 * 1024 * 1024

    private let states: StateService

    package init(states: StateService) {
        self.states = states
    }

    /// Where the state of a workspace is, below the server's own address.
    package static func path(workspace: String) -> String {
        "/tfstate/v1/backend/\(workspace)"
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        let group = router.group("tfstate/v1/backend/:workspace")
        group.get(use: read)
        group.post(use: write)
        if let lock = HTTPRequest.Method("LOCK"), let unlock = HTTPRequest.Method("UNLOCK") {
            group.on("", method: lock, use: self.lock)
            group.on("", method: unlock, use: self.unlock)
        }
    }

    @Sendable
    private func read(request: Request, context: ServerContext) async throws -> Response {
        let workspace = try context.parameters.require("workspace")
        guard let data = try await states.current(workspace: workspace, as: try context.requirePrincipal()) else {
            return Response(status: .notFound)
        }
        return .data(data, type: "application/json")
    }

    @Sendable
    private func write(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let data = try await request.wholeBody(upTo: Self.sizeLimit)
        try await states.write(
            data,
            workspace: try context.parameters.require("workspace"),
            lockID: request.uri.queryParameters["ID"].map(String.init),
            as: principal
        )
        return Response(status: .ok)
    }

    @Sendable
    private func lock(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let document = try await request.wholeBody(upTo: 64 * 1024)
        let holder = try await states.lock(document, workspace: try context.parameters.require("workspace"), as: principal)
        return answer(holder)
    }

    @Sendable
    private func unlock(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let document = try await request.wholeBody(upTo: 64 * 1024)
        let holder = try await states.unlock(document, workspace: try context.parameters.require("workspace"), as: principal)
        return answer(holder)
    }

    /// Terraform shows the document that comes with 423 to the person who waits.
    private func answer(_ holder: StateLock?) -> Response {
        guard let holder else { return Response(status: .ok) }
        return .data(Data(holder.document.utf8), type: "application/json", status: HTTPResponse.Status(code: 423))
    }
}
