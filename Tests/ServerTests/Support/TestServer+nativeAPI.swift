import Database
import JSONAPI
import Service

@testable import Server

extension TestServer {
    /// The native API over another database, to look at what it asks.
    func nativeAPI(on database: any SQLDatabase) throws -> ResourceAPI<Principal> {
        try ResourceAPI(
            schemas: NativeAPIRoutes.schemas(keyring: persistence.keyring, address: server.address),
            database: database,
            author: \.name,
            now: clock.now,
            newID: persistence.ids.next,
            onUnexpectedError: { _ in }
        )
    }
}

extension ResourceAPI<Principal> {
    func get(_ path: String, query: String) async -> ResourceResponse {
        await respond(to: ResourceRequest(method: "GET", path: path, query: query), as: .system)
    }
}
