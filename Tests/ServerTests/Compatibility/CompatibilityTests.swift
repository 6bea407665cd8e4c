import Foundation
import HTTPTypes
import Hummingbird
import JSONAPI
import TestSupport
import Testing

@testable import Server

struct CompatibilityTests {
    @Test("docs/compatibility.md has every path that the server answers, and says how it stands to Terrakube's")
    func document() async throws {
        try await withServer(.sqlite) { server in
            let api = try server.nativeAPI(on: server.database)
            let rooms = try ServerRooms(
                persistence: server.persistence,
                address: server.server.address,
                configuration: ServerConfiguration(),
                logger: TestServer.logger
            )
            let routes = rooms.router().routes.map { (path: $0.path.description, method: $0.method.rawValue) }
            let document = CompatibilityDocument(openAPI: try api.openAPI(title: "", version: "").json, routes: routes)
            #expect(document.unexplained == [])
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/compatibility.md")
                .standardized
            if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
                try Data(document.text.utf8).write(to: file)
            }
            let stored = try String(contentsOf: file, encoding: .utf8)
            #expect(stored.utf8.elementsEqual(document.text.utf8), "UPDATE_DOCS=1 script/test --filter Compatibility writes it anew")
        }
    }
}
