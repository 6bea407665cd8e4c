import Executor
import Runs
import ServiceLifecycle

/// The executors of this server, started in the order that loses nothing: first the server listens, then the
/// processes that an earlier one left are ended (what they still deliver is taken), then their jobs are taken back,
/// then new ones begin.
struct RecoveringExecutor: ServiceLifecycle.Service {
    let executor: ExecutorService
    let queue: JobQueue
    let node: String
    /// Ends when the server listens.
    let listening: AsyncStream<Never>

    func run() async throws {
        for await _ in listening {}
        await executor.recover()
        try await queue.recover(node: node)
        try await executor.run()
    }
}
