import Foundation
import TestSupport
import Testing

@testable import CommandLineUI

/// The server itself is met in the end-to-end tests; here is what it never says.
struct APIClientTests {
    @Test("where nobody listens, the error says so and what to do")
    func refusedConnection() async throws {
        // Port 1 is reserved (tcpmux), and nothing serves it.
        let server = try ServerURL("http://127.0.0.1:1")
        let error = await #expect(throws: ClientError.self) {
            try await APIClient.with(server: server, token: "t") { try await $0.organizations() }
        }
        #expect(error?.isTransient == true)
        #expect(error.map { "\($0)" }?.contains("connection refused") == true)
        #expect(error.map { "\($0)" }?.contains("terrakube serve") == true)
    }

    @Test("an answer that no Terrakube gives is told from a refusal")
    func otherServer() async throws {
        try await FileServer.with { server in
            try server.write(Data("<html>".utf8), to: "api/v1/organization")
            let url = try ServerURL(server.url)
            await #expect(throws: ClientError.unexpectedAnswer(server: server.url, status: 200)) {
                try await APIClient.with(server: url, token: "t") { try await $0.organizations() }
            }
        }
    }

    @Test("a filter finds the exact name, also one with a star in it")
    func wildcard() async throws {
        try await FileServer.with { server in
            let body = #"{"data": [\#(organization("1", "axb")), \#(organization("2", "a*b"))]}"#
            try server.write(Data(body.utf8), to: "api/v1/organization")
            let found = try await APIClient.with(server: try ServerURL(server.url), token: "t") {
                try await $0.findOrganization(named: "a*b")
            }
            #expect(found?.id == "2")
            #expect(server.requests == ["/api/v1/organization?filter%5Borganization%5D=name%3D%3D%27a%2Ab%27"])
        }
    }

    @Test("quotes in a name do not end it")
    func filterEscapes() {
        #expect(Filter.equals("name", #"o'n\e"#) == #"name=='o\'n\\e'"#)
    }

    @Test("the errors of a document are told with title and detail, without what would harm a terminal")
    func refusal() throws {
        let json = #"{"title": "Conflict", "detail": "Locked \u001b]0;x\u0007by mary"}"#
        let error = try JSONDecoder().decode(APIErrorObject.self, from: Data(json.utf8))
        #expect("\(ClientError.refused(status: 409, [error]))" == "Conflict: Locked by mary")
    }

    private func organization(_ id: String, _ name: String) -> String {
        #"{"type": "organization", "id": "\#(id)", "attributes": {"name": "\#(name)", "description": null}}"#
    }
}
