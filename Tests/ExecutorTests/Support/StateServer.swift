import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A strict server for Terraform's `http` backend: no write without the lock, no request without the token.
final class StateServer: Sendable {
    struct Workspace {
        var state: Data?
        var lock: Data?
        var writes = 0
    }

    static let token = "state-token-of-the-job"

    private let workspaces = Mutex<[String: Workspace]>([:])
    private let port = Mutex(0)

    func url(_ workspace: String) -> String { "http://127.0.0.1:\(port.withLock(\.self))/state/\(workspace)" }
    func workspace(_ name: String) -> Workspace { workspaces.withLock { $0[name] ?? Workspace() } }

    /// The resources in the state of a workspace, by address.
    func resources(_ name: String) throws -> [String] {
        struct State: Decodable {
            struct Resource: Decodable {
                let type: String
                let name: String
            }
            let resources: [Resource]
        }
        guard let data = workspace(name).state else { return [] }
        return try JSONDecoder().decode(State.self, from: data).resources.map { "\($0.type).\($0.name)" }.sorted()
    }

    /// Runs `body` while the server serves.
    func serving(_ body: () async throws -> Void) async throws {
        let (started, continuation) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "state")
        logger.logLevel = .critical
        let application = Application(
            router: router(),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await number in started {
                port.withLock { $0 = number }
                break
            }
            try await body()
            group.cancelAll()
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        for name in ["GET", "POST", "LOCK", "UNLOCK", "DELETE"] {
            guard let method = HTTPRequest.Method(name) else { continue }
            router.on("/state/{workspace}", method: method) { request, context in
                let expected = "Basic " + Data("job:\(Self.token)".utf8).base64EncodedString()
                guard request.headers[.authorization] == expected else { return Response(status: .unauthorized) }
                let workspace = try context.parameters.require("workspace")
                let body = Data(try await request.body.collect(upTo: 1 << 24).readableBytesView)
                let lockID = request.uri.queryParameters["ID"].map(String.init)
                return self.workspaces.withLock { workspaces in
                    workspaces[workspace, default: Workspace()].answer(name, body, lockID)
                }
            }
        }
        return router
    }
}

extension StateServer.Workspace {
    mutating func answer(_ method: String, _ body: Data, _ lockID: String?) -> Response {
        switch method {
        case "GET":
            guard let state else { return Response(status: .notFound) }
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: state)))
        case "LOCK":
            if let lock { return Response(status: .init(code: 423), body: ResponseBody(byteBuffer: ByteBuffer(bytes: lock))) }
            lock = body
            return Response(status: .ok)
        case "UNLOCK":
            guard lock != nil, Self.id(body) == nil || Self.id(body) == lock.flatMap(Self.id) else { return Response(status: .conflict) }
            lock = nil
            return Response(status: .ok)
        case "POST":
            guard let lock, lockID == Self.id(lock) else { return Response(status: .conflict) }
            state = body
            writes += 1
            return Response(status: .ok)
        default:
            state = nil
            return Response(status: .ok)
        }
    }

    private static func id(_ lock: Data) -> String? {
        struct Lock: Decodable {
            let id: String

            enum CodingKeys: String, CodingKey {
                case id = "ID"
            }
        }
        return (try? JSONDecoder().decode(Lock.self, from: lock))?.id
    }
}
