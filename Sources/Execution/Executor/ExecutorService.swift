package import Logging
import ServiceLifecycle
import Synchronization
package import Tools
package import Wire

/// Runs the jobs that a server hands out, a few at a time, until the program is asked to stop.
///
/// On a graceful shutdown it takes no new job, begins no new step and hands jobs back between two steps; a running
/// step may go on for `shutdownGrace`, and is interrupted then, so that Terraform can write its state.
package struct ExecutorService: Service {
    private let kit: ExecutorKit
    private let recovery: OrphanRecovery
    private let recoveryLock = KeyedLock<String>()
    private let isRecovered = RecoveryFlag()

    package init(
        configuration: ExecutorConfiguration,
        control: any RunControl,
        git: GitMirrors,
        binaries: BinaryStore,
        archives: ArchiveExtractor,
        runner: ToolRunner = ToolRunner(),
        logger: Logger
    ) {
        kit = ExecutorKit(
            configuration: configuration,
            control: control,
            runner: runner,
            git: git,
            archives: archives,
            binaries: binaries,
            plugins: PluginCache(shared: configuration.pluginCache),
            warm: WarmDirectories(limit: configuration.warmDirectories),
            logger: logger
        )
        recovery = OrphanRecovery(
            workDirectory: configuration.workDirectory,
            grace: configuration.interruptionGrace,
            logger: logger
        )
    }

    /// Ends what an earlier executor with the same data directory left running, and removes its directories.
    ///
    /// To be called when the server accepts state and before it fails the jobs of dead executors: an interrupted
    /// Terraform still delivers what it has done. Does its work once; `run` calls it too.
    package func recover() async {
        // Only a cancelled wait throws, and then nothing will run.
        try? await recoveryLock.withLock("recovery") {
            guard !isRecovered.value else { return }
            await recovery.recover()
            isRecovered.set()
        }
    }

    package func run() async throws {
        await recover()
        await withDiscardingTaskGroup { group in
            for _ in 0..<kit.configuration.slots {
                group.addTask { await serve() }
            }
        }
        await kit.warm.removeAll()
    }

    /// One slot: job after job.
    private func serve() async {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            guard let assignment = await claim() else { continue }
            await JobRunner(kit: kit, assignment: assignment).run()
        }
    }

    private func claim() async -> JobAssignment? {
        do {
            return try await cancelWhenGracefulShutdown { try await kit.control.claim(executor: kit.configuration.name) }
        } catch {
            guard !Task.isShuttingDownGracefully, !Task.isCancelled else { return nil }
            kit.logger.warning("No job could be claimed", metadata: ["error": "\(error)"])
            // The server is away: it is asked again in a moment.
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) }
            return nil
        }
    }
}

private final class RecoveryFlag: Sendable {
    private let state = Mutex(false)
    var value: Bool { state.withLock(\.self) }
    func set() { state.withLock { $0 = true } }
}
