import Foundation
import Hummingbird
import Service

/// `/terraform/index.json` and `/tofu/index.json`: the publishers' own lists (api.md §3.11), for clients that reach
/// this server only. Anybody may read them.
struct ReleaseRoutes: Sendable {
    let mirror: ReleaseMirror

    func register(on router: some RouterMethods<ServerContext>) {
        router.get("terraform/index.json") { _, _ in try await answer(.terraform) }
        router.get("tofu/index.json") { _, _ in try await answer(.tofu) }
    }

    private func answer(_ index: ReleaseMirror.Index) async throws -> Response {
        guard let document = try await mirror.document(index) else {
            let problem = "The list of \(index.rawValue) releases is temporarily unavailable."
            return try .json(["error": problem], status: .serviceUnavailable)
        }
        return .data(document, type: "application/json")
    }
}
