import Database
import Hummingbird
import Logging
import Service

/// `/health`, and the paths that Terrakube's charts probe.
struct HealthRoutes: Sendable {
    let database: any SQLDatabase

    func register(on router: some RouterMethods<ServerContext>) {
        for path in ["health", "actuator/health", "actuator/health/liveness", "actuator/health/readiness"] {
            router.get(RouterPath(path), use: health)
        }
    }

    @Sendable
    private func health(request: Request, context: ServerContext) async throws -> Response {
        do {
            _ = try await database.read { try $0.rows("SELECT 1 AS one") }
            return try .json(["status": "UP"])
        } catch {
            context.logger.error("The database cannot be reached", metadata: ["error": "\(error)"])
            return try .json(["status": "DOWN"], status: .serviceUnavailable)
        }
    }
}
