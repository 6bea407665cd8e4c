import JSONAPI
import TestSupport
import Testing

@testable import Server

struct CrossOrganizationTests {
    @Test("no id of another organization is reached by a path, whoever asks", arguments: TestEngine.allCases)
    func paths(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let (own, foreign, member) = try await neighbours(server)
            for (type, path) in foreign.paths where path.hasPrefix("organization/") {
                let grafted = path.replacing(foreign.organization, with: own.organization)
                for caller in [member, .administrator] where type != "organization" {
                    #expect(try await server.get(grafted, as: caller).status == 404, "read \(type)")
                    let change: JSONValue = .resource(type, id: String(path.split(separator: "/").last ?? ""))
                    #expect(try await server.patch(grafted, change, as: caller).status == 404, "update \(type)")
                    #expect(try await server.delete(grafted, as: caller).status == 404, "delete \(type)")
                }
                #expect(try await server.get(path, as: member).status == 404, "read \(type)")
                #expect(try await server.delete(path, as: member).status == 404, "delete \(type)")
            }
        }
    }

    @Test("nothing is linked to what belongs to another organization, whoever asks", arguments: TestEngine.allCases)
    func relationships(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let (own, foreign, member) = try await neighbours(server)
            for schema in NativeAPIRoutes.schemas(keyring: server.persistence.keyring, address: server.server.address) {
                for relationship in schema.relationships where relationship.isWritable {
                    guard let path = own.paths[schema.type], let target = foreign.paths[relationship.target] else { continue }
                    let (id, other) = (lastPart(of: path), lastPart(of: target))
                    var linkage: JSONValue = .link(relationship.target, other)
                    if case .toManyThrough = relationship.kind {
                        linkage = ["data": [["type": .string(relationship.target), "id": .string(other)]]]
                    }
                    let change: JSONValue = .resource(schema.type, id: id, [:], [relationship.name: linkage])
                    for caller in [member, .administrator] {
                        let name = "\(schema.type).\(relationship.name)"
                        let whole = try await server.patch(path, change, as: caller).status
                        #expect([400, 403, 404, 409].contains(whole), "\(name): \(whole)")
                        let link = try await server.patch("\(path)/relationships/\(relationship.name)", linkage, as: caller).status
                        #expect([400, 403, 404, 409].contains(link), "\(name): \(link)")
                    }
                }
            }
        }
    }

    @Test("neither a filter nor an include tells of another organization", arguments: TestEngine.allCases)
    func queries(engine: TestEngine) async throws {
        try await withServer(engine) { server in
            let (own, foreign, member) = try await neighbours(server)
            let schemas = NativeAPIRoutes.schemas(keyring: server.persistence.keyring, address: server.server.address)
            let foreignIDs = foreign.paths.values.map(lastPart).filter { $0.count == 36 }
            for schema in schemas where schema.isRoot {
                let includes = schema.relationships.map(\.name).joined(separator: ",")
                let answer = try await server.get("\(schema.type)\(includes.isEmpty ? "" : "?include=\(includes)")", as: member)
                #expect(answer.status == 200, "\(schema.type): \(answer.text.prefix(200))")
                for id in foreignIDs { #expect(answer.text.contains(id) == false, "\(schema.type)") }
                for relationship in schema.relationships {
                    guard let target = foreign.paths[relationship.target] else { continue }
                    let path = "\(schema.type)?filter=\(relationship.name).id==\(lastPart(of: target))"
                    let found = try await server.get(path, as: member)
                    #expect(found.status != 200 || found.ids == [], "\(path)")
                }
            }
            #expect(try await server.get("organization?filter=workspace.name==estate", as: member).ids == [own.organization])
        }
    }

    /// Two organizations, and somebody who may do everything in the first one alone.
    private func neighbours(_ server: TestServer) async throws -> (own: Estate, foreign: Estate, member: TestServer.Caller) {
        let own = try await Estate(server, name: "own")
        let foreign = try await Estate(server, name: "foreign")
        _ = try await server.makeTeam("owners", in: own.organization, role: "admin")
        return (own, foreign, try await server.makeUser("owner", groups: ["owners"]))
    }

    private func lastPart(of path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }
}
