import Foundation
import HTTPTypes
import JSONAPI
import TestSupport
import Testing

/// `GET /doc`, and the pages made from it.
struct OpenAPITests {
    @Test("the document describes every type, and every reference in it leads somewhere")
    func document() async throws {
        try await withServer(.sqlite) { server in
            let answer = try await server.get("/doc")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "application/json")
            let document = answer.json
            #expect(document["openapi"] == "3.1.0")
            let names = document["tags"]?.array?.compactMap { $0["name"]?.string } ?? []
            #expect(Set(names).isSuperset(of: ["organization", "workspace", "job", "step", "operations"]))
            for reference in Self.references(in: document) {
                let found = reference.dropFirst("#/".count).split(separator: "/").reduce(document as JSONValue?) { $0?[String($1)] }
                #expect(found != nil, "\(reference)")
            }
            let operations = Self.operations(in: document)
            let identifiers = operations.compactMap { $0.operation["operationId"]?.string }
            #expect(Set(identifiers).count == operations.count)
            for (path, operation) in operations {
                #expect(operation["summary"]?.string?.isEmpty == false, "\(path)")
                #expect(names.contains(operation["tags"]?.array?.first?.string ?? ""), "\(path)")
            }
            try await #expect(server.get("/doc", as: .nobody).status == 401)
            let yaml = try await server.send(.get, "/doc", headers: [.accept: "application/yaml"])
            #expect(yaml.headers[.contentType] == "application/yaml")
        }
    }

    @Test("what is described is there: every list and every record answers")
    func paths() async throws {
        try await withServer(.sqlite) { server in
            let estate = try await Estate(server)
            let ids = estate.paths.mapValues { String($0.split(separator: "/").last ?? "") }
            let paths = try await server.get("/doc").json["paths"]?.object ?? [:]
            #expect(paths.count > 50)
            for path in paths.keys.sorted() where path != "/operations" {
                let full = path.replacing(/\{([a-z_A-Z]+?)Id\d*\}/) { ids[String($0.1)] ?? "00000000-0000-4000-8000-000000000000" }
                let answer = try await server.get(String(full.dropFirst()))
                #expect([200, 404].contains(answer.status), "\(path): \(answer.text)")
            }
            let query = "filter=id=isnull=false&sort=-name&page[size]=2&page[totals]&fields[workspace]=name&include=organization"
            try await #expect(server.get("organization/\(estate.organization)/workspace?\(query)").ids == [estate.workspace])
        }
    }

    @Test("the reference is complete without scripts, and only for those who have signed in")
    func pages() async throws {
        try await withServer(.sqlite) { server in
            let index = try await server.get("/api-docs")
            #expect(index.status == 200)
            #expect(index.headers[.contentType] == "text/html; charset=utf-8")
            let links = index.text.matches(of: /href="(\/api-docs\/[^"]+)"/).map { String($0.1) }
            #expect(links.contains("/api-docs/workspace"))
            for link in links {
                let page = try await server.get(link)
                #expect(page.status == 200, "\(link)")
                #expect(page.text.contains("<h2"), "\(link)")
            }
            let workspace = try await server.get("/api-docs/workspace").text
            #expect(workspace.contains("<code>terraformVersion</code></th><td>text, at most 32 characters</td><td>required</td>"))
            #expect(workspace.contains("<code>/api/v1/organization/{organizationId}/workspace</code>"))
            try await #expect(server.get("/api-docs/", as: .administrator).status == 200)
            try await #expect(server.get("/api-docs/nonsense").status == 404)
            try await #expect(server.get("/api-docs", as: .nobody).status == 303)
        }
    }

    private static func operations(in document: JSONValue) -> [(path: String, operation: JSONValue)] {
        (document["paths"]?.object ?? [:]).flatMap { path, item in
            ["get", "post", "patch", "delete"].compactMap { method in item[method].map { (path, $0) } }
        }
    }

    private static func references(in value: JSONValue) -> Set<String> {
        switch value {
        case .array(let elements): elements.reduce(into: []) { $0.formUnion(references(in: $1)) }
        case .object(let members):
            members.reduce(into: []) { found, member in
                if member.key == "$ref", let reference = member.value.string { found.insert(reference) }
                found.formUnion(references(in: member.value))
            }
        default: []
        }
    }
}
