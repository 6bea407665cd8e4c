import BlobStore
import Database
import Foundation
import Hummingbird
import HummingbirdTesting
import Identity
import JSONAPI
import Logging
import Outgoing
import Runs
import Service
import TestSupport
import Testing
import WebUI
import Wire
import Workspaces

@testable import Server

/// The pages on a database of their own, with an administrator, and with a queue that plays the executor.
struct PageFixture: Sendable {
    static let password = "correct horse battery staple"
    static let flow = """
        flow:
        - type: "terraformPlan"
          step: 100
          name: "Plan"
        - type: "approval"
          step: 150
          name: "Approve"
          team: "OPERATORS"
        - type: "terraformApply"
          step: 200
          name: "Apply"

        """

    let jobs: JobService
    let logs: LogService
    let queue: JobQueue
    let administrator: Principal
    private let database: any SQLDatabase
    private let scheduler: Scheduler
    private let api: ResourceAPI<Principal>
    private let responder: RouterResponder<ServerContext>

    static func with(_ engine: TestEngine = .sqlite, _ body: (PageFixture) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let migrations = IdentitySchema.migrations + WorkspacesSchema.migrations + RunsSchema.migrations
            try await withDatabase(engine, migrations: migrations) { database in
                try await body(try await PageFixture(database, directory: directory))
            }
        }
    }

    private init(_ database: any SQLDatabase, directory: URL) async throws {
        let keyring = try Keyring(text: Keyring.generate())
        let signer = try await TokenSigner(keyring: keyring)
        let address = ServerAddress(publicURL: "http://terrakube.example")
        let blobs = SealedBlobStore(try LocalBlobStore(directory: directory.path(percentEncoded: false)), keyring: keyring)
        let users = UserService(database: database, administratorGroup: "TERRAKUBE_ADMIN", time: .system, ids: .uuid)
        let sessions = SessionService(database: database, time: .system, isSecure: false)
        let singleSignOn = SingleSignOnService(
            database: database,
            keys: IssuerKeys(database: database, keyring: keyring, time: .system),
            personalTokens: PersonalTokenService(database: database, signer: signer, time: .system, ids: .uuid),
            address: address,
            time: .system,
            ids: .uuid
        )
        let logger = Logger(label: "test")
        let queue = JobQueue(
            database: database,
            keyring: keyring,
            signer: signer,
            configurations: ConfigurationVersionService(database: database, blobs: blobs, time: .system, ids: .uuid),
            plans: PlanStore(blobs: blobs),
            sources: VCSRoom(
                database: database,
                keyring: keyring,
                client: OutgoingClient(allowsPrivateAddresses: false),
                address: address,
                settings: VCSRoom.Settings(manualWindow: 0, allowsPlainHTTP: false, isSecure: false),
                time: .system,
                ids: .uuid,
                logger: logger
            ).sources,
            address: address,
            time: .system,
            logger: logger
        )
        self.database = database
        self.queue = queue
        jobs = JobService(database: database, address: address, time: .system)
        logs = LogService(database: database)
        scheduler = Scheduler(database: database, time: .system, logger: logger)
        _ = try await users.createFirstAdministrator(password: Self.password)
        administrator = users.principal(for: try #require(try await users.find(username: "admin")))
        api = try ResourceAPI(
            schemas: NativeAPIRoutes.schemas(keyring: keyring, address: address),
            database: database,
            author: \.name,
            now: { Date() },
            newID: { UUID().uuidString.lowercased() },
            onUnexpectedError: { Issue.record($0) }
        )
        let router = Router(context: ServerContext.self)
        let webUI = try WebUIRoutes(
            jobs: jobs,
            logs: logs,
            users: users,
            sessions: sessions,
            singleSignOn: singleSignOn,
            address: address,
            time: .system
        )
        router.add(middleware: ErrorMiddleware())
        router.add(middleware: webUI.notFoundPages)
        let authenticator = Authenticator(
            database: database,
            signer: signer,
            users: users,
            sessions: sessions,
            singleSignOn: singleSignOn,
            time: .system,
            isJobAlive: { try await queue.isAlive($0) }
        )
        webUI.register(on: router.group().add(middleware: authenticator))
        responder = router.buildResponder()
    }

    // MARK: Data

    /// Makes an organization, a workspace and a run.
    ///
    /// - Returns: The run's number, and its workspace.
    func makeRun(flow: String = Self.flow) async throws -> (run: Int, workspace: String) {
        let organization = try await create("/organization", "organization", #""name": "acme", "executionMode": "remote""#)
        let workspace = try await create(
            "/organization/\(organization)/workspace",
            "workspace",
            """
            "name": "net<b>work", "source": "https://example.com/a.git", "branch": "main", "folder": "/", "iacType": "terraform",
            "terraformVersion": "1.11.4", "executionMode": "remote"
            """
        )
        let job = try await create(
            "/organization/\(organization)/job",
            "job",
            #""tcl": "\#(Data(flow.utf8).base64EncodedString())", "via": "CLI""#,
            relationships: #"{"workspace": {"data": {"type": "workspace", "id": "\#(workspace)"}}}"#
        )
        return (try #require(Int(job)), workspace)
    }

    private func create(_ path: String, _ type: String, _ attributes: String, relationships: String = "{}") async throws -> String {
        let body = #"{"data": {"type": "\#(type)", "attributes": {\#(attributes)}, "relationships": \#(relationships)}}"#
        let answer = await api.respond(
            to: ResourceRequest(method: "POST", path: path, contentType: "application/vnd.api+json", body: Data(body.utf8)),
            as: administrator
        )
        let text = String(decoding: answer.body ?? Data(), as: UTF8.self)
        try #require(answer.status == 201, "\(text)")
        return try #require(answer.headers["location"]?.split(separator: "/").last.map(String.init))
    }

    /// Lets the run begin, as the scheduler and an executor would.
    func claim(workspace: String) async throws -> JobAssignment {
        try await scheduler.schedule(workspace: workspace)
        return try await queue.claim(executor: "node/1")
    }

    /// Runs a step with this output.
    @discardableResult
    func finish(_ step: StepAssignment, _ output: String, _ outcome: StepResult.Outcome, lease: JobLease) async throws -> NextAction {
        try await queue.begin(step: step.id, commit: "0123456789abcdef", lease: lease)
        try await queue.append(LogChunk(stepID: step.id, offset: 0, bytes: Data(output.utf8)), lease: lease)
        return try await queue.complete(StepResult(stepID: step.id, outcome: outcome), lease: lease)
    }

    // MARK: Requests

    /// Talks to the pages.
    func browse(_ body: @escaping @Sendable (TestBrowser) async throws -> Void) async throws {
        try await Application(responder: responder).test(.router) { client in
            try await body(TestBrowser(client: client))
        }
    }
}
