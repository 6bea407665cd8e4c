import Foundation
import HTTPTypes
import JSONAPI
import TestSupport
import Testing

/// Whatever a client sends: the right status, an error document, never a 5xx, and nothing half-written.
struct BadInputTests {
    /// A resource to make, where, and from what.
    private struct Kind {
        let type: String
        let list: String
        let good: [String: JSONValue]
        /// The longest that each attribute may be, in characters.
        let limits: [String: Int]
        let required: [String]
    }

    private static func kinds(_ estate: Estate) -> [Kind] {
        let root = "organization/\(estate.organization)"
        let own = "\(root)/workspace/\(estate.workspace)"
        let variable: [String: JSONValue] = ["key": "new", "value": "v", "category": "ENV"]
        return [
            Kind(
                type: "organization",
                list: "organization",
                good: ["name": "new"],
                limits: ["name": 32, "description": 256, "icon": 64],
                required: ["name"]
            ),
            Kind(
                type: "workspace",
                list: "\(root)/workspace",
                good: ["name": "new", "source": "https://example.com/x.git", "branch": "main", "terraformVersion": "1.11.4"],
                limits: ["name": 64, "description": 512, "source": 512, "branch": 512, "folder": 512, "terraformVersion": 32],
                required: ["name", "source", "branch", "terraformVersion"]
            ),
            Kind(
                type: "variable",
                list: "\(own)/variable",
                good: variable,
                limits: ["key": 1024, "description": 512],
                required: ["key", "value", "category"]
            ),
            Kind(
                type: "globalvar",
                list: "\(root)/globalvar",
                good: variable,
                limits: ["key": 1024, "description": 128],
                required: ["key", "value", "category"]
            ),
            Kind(type: "team", list: "\(root)/team", good: ["name": "new"], limits: ["name": 64], required: ["name"]),
            Kind(type: "tag", list: "\(root)/tag", good: ["name": "new"], limits: ["name": 64], required: ["name"]),
            Kind(
                type: "template",
                list: "\(root)/template",
                good: ["name": "new", "tcl": ""],
                limits: ["name": 256, "description": 256, "version": 32],
                required: []
            ),
            Kind(
                type: "vcs",
                list: "\(root)/vcs",
                good: Credentials.vcs,
                limits: ["name": 64, "clientSecret": 4096, "privateKey": 4098],
                required: ["name", "description", "vcsType"]
            ),
            Kind(
                type: "ssh",
                list: "\(root)/ssh",
                good: Credentials.ssh,
                limits: ["name": 64, "description": 64],
                required: ["name", "privateKey", "sshType"]
            ),
            Kind(
                type: "job",
                list: "\(own)/job",
                good: ["tcl": .string(Flows.plan.base64)],
                limits: ["comments": 512, "via": 64, "overrideBranch": 128],
                required: []
            ),
        ]
    }

    @Test("an attribute that is missing, too long, of another type or unknown is refused by its name", arguments: TestEngine.allCases)
    func attributes(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            for kind in Self.kinds(estate) {
                let table = kind.type == "team" ? "team_access" : kind.type
                let before = try await server.count(table)
                func expect(_ attributes: [String: JSONValue], _ attribute: String, _ status: Int, _ reason: String) async throws {
                    let answer = try await server.post(kind.list, .resource(kind.type, attributes))
                    #expect(answer.status == status, "\(kind.type).\(attribute) \(reason): \(answer.text)")
                    #expect(answer.pointer == "/data/attributes/\(attribute)", "\(kind.type).\(attribute) \(reason)")
                    #expect(answer.headers[.contentType] == "application/vnd.api+json")
                }
                for name in kind.required {
                    try await expect(kind.good.filter { $0.key != name }, name, 400, "missing")
                    try await expect(kind.good.merging([name: nil]) { _, new in new }, name, 400, "null")
                }
                for (name, limit) in kind.limits {
                    let long = JSONValue.string(String(repeating: "ä", count: limit + 1))
                    try await expect(kind.good.merging([name: long]) { _, new in new }, name, 400, "too long")
                    for wrong in [JSONValue.integer(5), .boolean(true), .array([]), .object([:]), .number(1.5)] {
                        try await expect(kind.good.merging([name: wrong]) { _, new in new }, name, 400, "of another type")
                    }
                    try await expect(kind.good.merging([name: "a\u{0}b"]) { _, new in new }, name, 400, "with NUL")
                }
                try await expect(kind.good.merging(["colour": "red"]) { _, new in new }, "colour", 404, "unknown")
                #expect(try await server.count(table) == before, "\(kind.type)")
                let longest = kind.limits.mapValues { JSONValue.string(String(repeating: "ä", count: $0)) }
                let made = try await server.post(kind.list, .resource(kind.type, kind.good.merging(longest) { _, new in new }))
                #expect(made.status == 201, "\(kind.type): \(made.text)")
            }
        }
    }

    @Test("a body that is no document for the path is refused", arguments: TestEngine.allCases)
    func documents(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            for kind in Self.kinds(estate) {
                let table = kind.type == "team" ? "team_access" : kind.type
                let before = try await server.count(table)
                for body in [
                    "", "{", "null", "[]", "5", "{}", "{\"data\":null}", "{\"data\":[]}", "{\"data\":{\"type\":5}}", "\u{feff}{}",
                    "{\"data\":{}}",
                ] {
                    let answer = try await server.send(.post, kind.list, Data(body.utf8))
                    #expect(answer.status == 400, "\(kind.type) \(body)")
                    #expect(answer.detail.isEmpty == false)
                }
                try await #expect(server.send(.post, kind.list, Data([0x7b, 0xff, 0x7d])).status == 400)
                let deep = Data((String(repeating: "[", count: 100_000)).utf8)
                try await #expect(server.send(.post, kind.list, deep).status == 400)
                try await #expect(server.post(kind.list, .resource("nonsense", kind.good)).status == 409)
                for type in ["application/json", "text/plain", "application/vnd.api+json; ext=\"https://example.com/x\"", nil] {
                    let good = JSONValue.resource(kind.type, kind.good).serialised()
                    try await #expect(server.send(.post, kind.list, good, type: type).status == 415, "\(type ?? "none")")
                }
                #expect(try await server.count(table) == before, "\(kind.type)")
            }
            let large = JSONValue.resource("template", ["name": "x", "tcl": .string(String(repeating: "x", count: 5_000_000))])
            try await #expect(server.post("organization/\(estate.organization)/template", large).status == 413)
        }
    }

    @Test("an unknown id, type, relationship or method is refused", arguments: TestEngine.allCases)
    func paths(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            for kind in Self.kinds(estate) {
                for id in ["00000000-0000-0000-0000-000000000000", "x", "%00", "%2e%2e", "5", "99999999999999999999", "a%20b"] {
                    let get = try await server.get("\(kind.list)/\(id)")
                    let patch = try await server.patch("\(kind.list)/\(id)", .resource(kind.type, kind.good))
                    let delete = try await server.delete("\(kind.list)/\(id)")
                    for answer in [get, patch, delete] {
                        #expect([400, 404].contains(answer.status), "\(kind.type) \(id): \(answer.status)")
                        #expect(answer.detail.isEmpty == false)
                    }
                }
                try await #expect(server.send(.put, kind.list, Data("{}".utf8)).status == 405)
                try await #expect(server.delete(kind.list).status == 405)
            }
            for path in ["nonsense", "organization/\(estate.organization)/nonsense", "job", "variable/x"] {
                #expect(try await server.get(path).status == 404, "\(path)")
            }
            for query in [
                "filter[workspace]=", "filter[workspace]=name=", "filter[workspace]=colour==red", "filter[workspace]=name==(",
                "sort=colour",
                "include=colour", "fields[workspace]=colour", "page[size]=x", "page[size]=-1", "page[number]=0", "page[size]=1000000",
                "colour=red",
                "filter[nonsense]=name==x", "%ff", "filter[workspace]=name==%00",
            ] {
                let answer = try await server.get("organization/\(estate.organization)/workspace?\(query)")
                #expect((400..<500).contains(answer.status), "\(query): \(answer.status)")
            }
        }
    }

    @Test("a PATCH that is refused changes nothing at all", arguments: TestEngine.allCases)
    func patches(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            let path = "workspace/\(estate.workspace)"
            let before = try await server.get(path).body
            for attributes: [String: JSONValue] in [
                ["description": "new", "colour": "red"], ["description": "new", "name": nil], ["description": "new", "locked": "yes"],
                ["description": "new", "executionMode": "elsewhere"], ["description": "new", "executionMode": nil],
                ["description": "new", "name": .string(String(repeating: "x", count: 65))],
            ] {
                let answer = try await server.patch(path, .resource("workspace", id: estate.workspace, attributes))
                #expect((400..<500).contains(answer.status), "\(attributes)")
            }
            let other = try await server.patch(path, .resource("workspace", id: estate.organization, ["description": "new"]))
            #expect(other.status == 400)
            let moved = try await server.patch(
                path,
                .resource("workspace", id: estate.workspace, ["description": "new"], ["organization": .link("organization", estate.step)])
            )
            #expect(moved.status == 403)
            #expect(try await server.get(path).body == before)
        }
    }

    @Test("a refused job leaves no step and no address behind", arguments: TestEngine.allCases)
    func halfJobs(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            let before = try await (server.count("job"), server.count("step"), server.count("address"))
            let flow = "flow:\n- type: terraformPlan\n  step: 100\n- type: terraformPlan\n  step: 200\n  name: \"a\\0b\"\n"
            let attributes: [String: JSONValue] = ["tcl": .string(flow.base64), "targetAddrs": ["a.b"]]
            let answer = try await server.post("workspace/\(estate.workspace)/job", .resource("job", attributes))
            #expect(answer.status == 400)
            #expect(try await (server.count("job"), server.count("step"), server.count("address")) == before)
        }
    }

    @Test("odd requests to the plain endpoints are refused", arguments: TestEngine.allCases)
    func plainEndpoints(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let estate = try await Estate(server)
            for path in [
                "/tfstate/v1/backend/%00", "/tfstate/v1/backend/..%2f..", "/pat/v1/x/y", "/nonsense",
                "/tfstate/v1/organization/x/workspace/y/state/terraform.tfstate",
                "/tfstate/v1/organization/x/workspace/\(estate.workspace)/jobId/x/step/y/terraform.tfstate",
                "/tfstate/v1/organization/x/workspace/\(estate.workspace)/jobId/1/step/%00/plan.json",
                "/tfoutput/v1/organization/x/job/1/step/%00",
            ] {
                let answer = try await server.get(path)
                #expect([400, 404].contains(answer.status), "\(path): \(answer.status)")
            }
            try await #expect(server.delete("/pat/v1/%00").status < 500)
            try await #expect(server.announceUpload(to: "%00").status < 500)
            try await #expect(server.sendUpload(Archives.empty, "%00").status < 500)
        }
    }
}
