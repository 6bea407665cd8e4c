import ServiceLifecycle
import Workspaces

/// Keeps connections alive that nobody uses: their refresh tokens would lapse.
struct ConnectionKeeper: ServiceLifecycle.Service {
    private static let interval: Duration = .seconds(3600)

    let tokens: VCSTokenService

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while Task.isCancelled == false {
                await tokens.renewIdle()
                // Its end is the end of the program.
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }
}
