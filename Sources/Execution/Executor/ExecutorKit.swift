import Logging
import Tools
import Wire

/// What all jobs of an executor share.
struct ExecutorKit: Sendable {
    let configuration: ExecutorConfiguration
    let control: any RunControl
    let runner: ToolRunner
    let git: GitMirrors
    let archives: ArchiveExtractor
    let binaries: BinaryStore
    let plugins: PluginCache
    let warm: WarmDirectories
    let logger: Logger

    /// Repeats a call to the server while it fails for another reason than the lease: a connection that breaks, or a
    /// server that starts again. Every call of `RunControl` may be repeated.
    func persistently<Value>(_ call: () async throws -> Value) async throws -> Value {
        var pause: Duration = .milliseconds(200)
        while pause < .seconds(10) {
            do {
                return try await call()
            } catch let error where !(error is LeaseLost || error is CancellationError) {
                logger.warning("The server did not answer", metadata: ["error": "\(error)", "retryIn": "\(pause)"])
                try await Task.sleep(for: pause)
                pause *= 2
            }
        }
        return try await call()
    }
}
