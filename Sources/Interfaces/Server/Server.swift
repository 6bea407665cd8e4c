import AsyncHTTPClient
import BlobStore
import Database
import Executor
import Foundation
package import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Identity
package import Logging
import NIOCore
import NIOSSL
import Runs
package import Service
import ServiceLifecycle
import Tools
package import UnixSignals
import Workspaces

/// The whole server, put together: the one place where the rooms meet.
package struct Server: Sendable {
    package let persistence: Persistence
    package let address: ServerAddress
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let responder: RouterResponder<ServerContext>
    /// Where executors get their jobs.
    let queue: JobQueue
    /// Where tokens of connections come from.
    let connections: VCSRoom
    /// Lets schedules fire.
    let schedules: ScheduleRunner

    /// - Throws: `ConfigurationError`, `DatabaseError` and whatever keeps it from starting.
    package init(_ configuration: ServerConfiguration, persistence: Persistence, logger: Logger) throws {
        self.configuration = configuration
        self.persistence = persistence
        self.logger = logger
        let publicURL = configuration.publicURL.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        address = ServerAddress(publicURL: publicURL)
        let rooms = try ServerRooms(persistence: persistence, address: address, configuration: configuration, logger: logger)
        queue = rooms.queue
        connections = rooms.connections
        schedules = rooms.schedules
        responder = rooms.router().buildResponder()
    }

    /// Serves until the task is cancelled or asked to shut down gracefully.
    ///
    /// Services stop in the reverse order: executors first, so that an interrupted Terraform can still deliver its
    /// state, and the listener last.
    ///
    /// - Parameter ready: Told the server's address once it accepts requests.
    package func run(
        signals: [UnixSignal] = [],
        ready: @escaping @Sendable (ServerAddress) async -> Void
    ) async throws {
        let (listening, isListening) = AsyncStream.makeStream(of: Never.self)
        let (addressed, isAddressed) = AsyncStream.makeStream(of: Never.self)
        let application = try application { channel in
            address.isListening(at: listenerURL(of: channel))
            isListening.finish()
            isAddressed.finish()
            await ready(address)
        }
        let scheduler = Scheduler(database: persistence.database, time: persistence.time, logger: logger)
        let keeper = ConnectionKeeper(tokens: connections.tokens)
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [application, scheduler, keeper, AddressedService(service: schedules, addressed: addressed)]
                        + (try executors(client: client, listening: listening)),
                    gracefulShutdownSignals: signals,
                    logger: logger
                )
            )
            try await group.run()
        } catch {
            try await client.shutdown()
            await persistence.database.close()
            throw error
        }
        try await client.shutdown()
        await persistence.database.close()
    }

    /// The application alone, for tests that need no listener.
    package func application(onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }) throws -> Application<
        RouterResponder<ServerContext>
    > {
        let base = HTTPServerBuilder.http1()
        let server: HTTPServerBuilder = if let tls = configuration.tls { try .tls(base, tlsConfiguration: Self.tls(tls)) } else { base }
        return Application(
            responder: responder,
            server: server,
            configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: onServerRunning,
            logger: logger
        )
    }

    private func executors(client: HTTPClient, listening: AsyncStream<Never>) throws -> [any ServiceLifecycle.Service] {
        let slots = configuration.executors ?? ProcessInfo.processInfo.activeProcessorCount
        guard slots > 0 else { return [] }
        let node = try persistence.directory.node()
        let executor = try LocalExecutor(
            configuration: configuration,
            directory: persistence.directory,
            name: "\(node)/executor",
            slots: slots,
            control: queue,
            client: client,
            time: persistence.time,
            logger: logger
        )
        return [RecoveringExecutor(executor: executor.service, queue: queue, node: node, listening: listening)]
    }

    private func listenerURL(of channel: any Channel) -> String {
        let scheme = configuration.tls == nil ? "http" : "https"
        let port = channel.localAddress?.port ?? configuration.port
        let host = ["0.0.0.0", "::", ""].contains(configuration.host) ? "127.0.0.1" : configuration.host
        return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    private static func tls(_ tls: ServerConfiguration.TLS) throws -> TLSConfiguration {
        do {
            return TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(tls.certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: tls.key, format: .pem))
            )
        } catch {
            throw ConfigurationError("The TLS certificate \(tls.certificate) or its key \(tls.key) can't be read: \(error)")
        }
    }
}
