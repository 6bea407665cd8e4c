import Foundation
import Logging
import ServiceLifecycle
import Wire

/// Runs one job from the step that is next until it ends, pauses, or is taken away.
struct JobRunner: Sendable {
    let kit: ExecutorKit
    let assignment: JobAssignment

    private enum Ending {
        case pause(PreparedJob)
        case over
    }

    func run() async {
        let interruption = Interruption()
        await withTaskGroup(of: Void.self) { watchers in
            watchers.addTask { await watchForCancellation(interruption) }
            watchers.addTask { await watchForShutdown(interruption) }
            await runSteps(interruption)
            watchers.cancelAll()
        }
    }

    private func watchForCancellation(_ interruption: Interruption) async {
        do {
            try await kit.persistently { try await kit.control.waitForCancellation(lease: assignment.lease) }
            interruption.fire(.cancelled)
        } catch is LeaseLost {
            interruption.fire(.leaseLost)
        } catch is CancellationError {
            return
        } catch {
            kit.logger.error(
                "A job runs without notice of its cancellation",
                metadata: ["job": "\(assignment.lease.jobID)", "error": "\(error)"]
            )
        }
    }

    private func watchForShutdown(_ interruption: Interruption) async {
        do {
            try await gracefulShutdown()
            try await Task.sleep(for: kit.configuration.shutdownGrace)
            interruption.fire(.shutdown)
        } catch {
            // The job has ended first.
        }
    }

    private func runSteps(_ interruption: Interruption) async {
        let warm = await kit.warm.take(for: assignment)
        let directory = warm?.directory ?? freshDirectory
        let ending = await withTaskGroup(of: Void.self) { documents in
            await runSteps(in: directory, warm: warm, interruption, &documents)
        }
        switch ending {
        case .pause(let prepared):
            prepared.directory.seal(folder: prepared.folder)
            await kit.warm.keep(
                WarmDirectories.Entry(
                    jobID: assignment.lease.jobID,
                    prepared: prepared,
                    source: assignment.source,
                    folder: assignment.folder
                )
            )
        case .over:
            directory.remove()
        }
    }

    private func runSteps(
        in directory: JobDirectory,
        warm: PreparedJob?,
        _ interruption: Interruption,
        _ documents: inout TaskGroup<Void>
    ) async -> Ending {
        let mask = SecretMask(
            variables: assignment.variables + assignment.environment,
            secrets: [assignment.lease.token] + assignment.credentials.map(\.token) + [assignment.scriptToken].compactMap(\.self)
        )
        var step = assignment.step
        var prepared = warm
        while true {
            guard !Task.isShuttingDownGracefully else {
                await release()
                return .over
            }
            let run = StepRun(
                kit: kit,
                assignment: assignment,
                step: step,
                mask: mask,
                interruption: interruption,
                directory: directory,
                prepared: prepared
            )
            switch await run.run() {
            case .abandoned:
                return .over
            case .handedBack:
                await release()
                return .over
            case .reported(let next, let now, let document):
                if let document { documents.addTask { await document.publish() } }
                if let now { prepared = now }
                switch next {
                case .run(let following):
                    step = following
                case .pause:
                    return prepared.map(Ending.pause) ?? .over
                case .stop:
                    if let prepared { await collectPlugins(of: prepared) }
                    return .over
                }
            }
        }
    }

    /// An epoch is never given out twice, so this is no directory that somebody else still removes.
    private var freshDirectory: JobDirectory {
        JobDirectory(root: "\(kit.configuration.workDirectory)/\(assignment.lease.jobID)-\(assignment.lease.epoch)")
    }

    private func collectPlugins(of prepared: PreparedJob) async {
        do {
            let lock = DependencyLock(contentsOf: "\(prepared.folder)/\(JobDirectory.lockFile)")
            try await kit.plugins.collect(from: prepared.directory.plugins, lock: lock)
        } catch {
            kit.logger.warning("Downloaded providers are not kept", metadata: ["error": "\(error)"])
        }
    }

    private func release() async {
        do {
            try await kit.persistently { try await kit.control.release(lease: assignment.lease) }
        } catch let error where !(error is LeaseLost) {
            kit.logger.error("A job could not be handed back", metadata: ["job": "\(assignment.lease.jobID)", "error": "\(error)"])
        } catch {
            return
        }
    }
}
