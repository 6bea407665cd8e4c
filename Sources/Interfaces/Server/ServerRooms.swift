import AsyncHTTPClient
import BlobStore
import Foundation
import Hummingbird
import Identity
import JSONAPI
import Logging
import Outgoing
import Runs
import Service
import Tools
import WebUI
import Workspaces

/// The services of every room, made once, and the router that leads to them.
struct ServerRooms {
    let queue: JobQueue
    let schedules: ScheduleRunner
    private let persistence: Persistence
    private let authenticator: Authenticator
    private let native: NativeAPIRoutes
    private let openAPI: OpenAPIRoutes
    private let tokens: PersonalTokenRoutes
    private let states: StateService
    private let logs: LogService
    private let plans: PlanRoutes
    private let configurations: ConfigurationVersionRoutes
    private let proxy: ProxyRoutes
    let connections: VCSRoom
    private let contexts: ContextService
    private let releases: ReleaseMirror
    private let pages: WebUIRoutes
    private let singleSignOn: SingleSignOnService

    init(persistence: Persistence, address: ServerAddress, configuration: ServerConfiguration, logger: Logger) throws {
        let database = persistence.database
        let (time, ids) = (persistence.time, persistence.ids)
        let blobs = SealedBlobStore(
            try LocalBlobStore(directory: try Self.blobDirectory(configuration, persistence.directory)),
            keyring: persistence.keyring
        )
        let plans = PlanStore(blobs: blobs)
        let configurations = ConfigurationVersionService(database: database, blobs: blobs, time: time, ids: ids)
        let isSecure = configuration.tls != nil || configuration.publicURL?.hasPrefix("https:") == true
        let connections = VCSRoom(
            database: database,
            keyring: persistence.keyring,
            client: OutgoingClient(
                allowsPrivateAddresses: configuration.allowsPrivateEndpoints,
                maximumBytes: 1024 * 1024,
                timeout: .seconds(10)
            ),
            address: address,
            settings: VCSRoom.Settings(
                manualWindow: configuration.manualConnectWindow,
                allowsPlainHTTP: configuration.allowsPrivateEndpoints,
                isSecure: isSecure
            ),
            time: time,
            ids: ids,
            logger: logger
        )
        let queue = JobQueue(
            database: database,
            keyring: persistence.keyring,
            signer: persistence.signer,
            configurations: configurations,
            plans: plans,
            sources: connections.sources,
            address: address,
            time: time,
            logger: logger
        )
        let sessions = SessionService(database: database, time: time, isSecure: isSecure)
        let logs = LogService(database: database)
        singleSignOn = SingleSignOnService(
            database: database,
            keys: IssuerKeys(database: database, keyring: persistence.keyring, time: time),
            personalTokens: persistence.tokens,
            address: address,
            time: time,
            ids: ids
        )
        self.persistence = persistence
        self.queue = queue
        self.connections = connections
        self.logs = logs
        authenticator = Authenticator(
            database: database,
            signer: persistence.signer,
            users: persistence.users,
            sessions: sessions,
            singleSignOn: singleSignOn,
            time: time,
            isJobAlive: { try await queue.isAlive($0) }
        )
        native = try NativeAPIRoutes(
            persistence: persistence,
            address: address,
            allowsPrivateEndpoints: configuration.allowsPrivateEndpoints,
            logger: logger
        )
        openAPI = try OpenAPIRoutes(native.api, time: time)
        let jobs = JobMaker(api: native.api, ids: ids)
        schedules = ScheduleRunner(database: database, jobs: jobs, time: time, logger: logger)
        contexts = ContextService(database: database, keyring: persistence.keyring, time: time)
        releases = try Self.releases(configuration, persistence, logger: logger)
        tokens = PersonalTokenRoutes(tokens: persistence.tokens, users: persistence.users)
        states = StateService(
            database: database,
            blobs: blobs,
            address: address,
            time: time,
            ids: ids,
            fence: { try JobQueue.requireLease($0, in: $1) }
        )
        self.plans = PlanRoutes(database: database, plans: plans)
        self.configurations = ConfigurationVersionRoutes(versions: configurations, address: address)
        let outgoing = OutgoingClient(allowsPrivateAddresses: configuration.allowsPrivateEndpoints)
        proxy = ProxyRoutes(proxy: ProxyService(database: database, keyring: persistence.keyring, client: outgoing))
        pages = try WebUIRoutes(
            jobs: JobService(database: database, address: address, time: time),
            logs: logs,
            users: persistence.users,
            sessions: sessions,
            singleSignOn: singleSignOn,
            address: address,
            time: time
        )
    }

    func router() -> Router<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: AccessLogMiddleware())
        router.add(middleware: ErrorMiddleware())
        router.add(middleware: pages.notFoundPages)
        HealthRoutes(database: persistence.database).register(on: router)
        ReleaseRoutes(mirror: releases).register(on: router)
        connections.registerCallbacks(on: router)
        ServiceDiscoveryRoutes().register(on: router)
        IssuerRoutes(signOn: singleSignOn).register(on: router)
        let authenticated = router.group().add(middleware: authenticator)
        native.register(on: authenticated)
        connections.register(on: authenticated)
        openAPI.register(on: authenticated)
        tokens.register(on: authenticated)
        TeamTokenRoutes(tokens: persistence.teamTokens).register(on: authenticated)
        UserRoutes(users: persistence.accounts).register(on: authenticated)
        UserInfoRoutes(users: persistence.users).register(on: authenticated)
        PermissionRoutes(permissions: PermissionService(database: persistence.database)).register(on: authenticated)
        StateRoutes(states: states).register(on: authenticated)
        StateBackendRoutes(states: states).register(on: authenticated)
        LogRoutes(logs: logs).register(on: authenticated)
        plans.register(on: authenticated)
        proxy.register(on: authenticated)
        configurations.register(on: authenticated)
        DeliveryRoutes(database: persistence.database).register(on: authenticated)
        ContextRoutes(contexts: contexts).register(on: authenticated)
        WorkspaceMoveRoutes(moves: WorkspaceMoveService(database: persistence.database, time: persistence.time)).register(on: authenticated)
        pages.register(on: authenticated)
        return router
    }

    private static func releases(
        _ configuration: ServerConfiguration,
        _ persistence: Persistence,
        logger: Logger
    ) throws -> ReleaseMirror {
        let texts: [(ReleaseMirror.Index, String)] = [
            (.terraform, configuration.terraformReleasesURL), (.tofu, configuration.tofuReleasesURL),
        ]
        let urls = try texts.map { index, text in
            guard let url = URL(string: text) else { throw ConfigurationError("The release URL \(text) is no URL.") }
            return (index, url)
        }
        return ReleaseMirror(
            urls: Dictionary(urls, uniquingKeysWith: { first, _ in first }),
            directory: URL(fileURLWithPath: persistence.directory.releases),
            downloader: HTTPReleaseDownloader(client: .shared),
            time: persistence.time,
            logger: logger
        )
    }

    private static func blobDirectory(_ configuration: ServerConfiguration, _ directory: DataDirectory) throws -> String {
        guard let url = configuration.storageURL else { return directory.blobs }
        guard url.hasPrefix("file:") else {
            throw ConfigurationError("The storage URL must begin with file:, such as file:/var/lib/terrakube/blobs.")
        }
        let path = url.dropFirst("file:".count)
        return path.hasPrefix("///") ? String(path.dropFirst(2)) : String(path)
    }
}
