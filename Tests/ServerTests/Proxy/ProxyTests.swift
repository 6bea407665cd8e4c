import Foundation
import HTTPTypes
import JSONAPI
import Server
import TestSupport
import Testing

struct ProxyTests {
    @Test("a request goes out with the workspace's variables in it, for those who manage the workspace", arguments: TestEngine.allCases)
    func forwarding(engine: TestEngine) async throws {
        try await FileServer.with { files in
            try files.write(Data("<script>".utf8), to: "page.html")
            try await withServer(engine, configure: { $0.allowsPrivateEndpoints = true }) { server in
                let organization = try await server.makeOrganization()
                let workspace = try await server.makeWorkspace(in: organization)
                _ = try await server.makeVariable("TOKEN", "s3cr&t/", in: workspace, ["sensitive": true, "category": "ENV"])
                _ = try await server.makeTeam("readers", in: organization, role: "plan")
                let reader = try await server.makeUser("reader", groups: ["readers"])
                let path = proxy(to: "\(files.url)/page.html?token={{var.TOKEN}}", workspace: workspace)
                #expect(try await server.get(path, as: reader).status == 403)
                #expect(files.requests == [])
                let answer = try await server.get(path)
                #expect(answer.status == 200)
                #expect(answer.headers[.contentType] == "application/octet-stream")
                #expect(answer.headers[.contentSecurityPolicy] == "default-src 'none'; sandbox")
                #expect(files.requests == ["/page.html?token=s3cr%26t%2F"])
                let unknown = try await server.get(proxy(to: "\(files.url)/{{var.OTHER}}", workspace: workspace))
                #expect(unknown.status == 400)
                #expect(unknown.text.contains("s3cr") == false)
                #expect(files.requests.count == 1)
            }
        }
    }

    @Test("the server's own network is out of reach")
    func privateAddresses() async throws {
        try await FileServer.with { files in
            try await withServer(.sqlite) { server in
                let workspace = try await server.makeWorkspace(in: try await server.makeOrganization())
                for target in [files.url, "http://169.254.169.254/latest/meta-data", "file:///etc/passwd"] {
                    let answer = try await server.get(proxy(to: target, workspace: workspace))
                    #expect(answer.status == 400, "\(target)")
                }
                #expect(files.requests == [])
                try await #expect(server.get("/proxy/v1?targetUrl=http://x").status == 400)
                try await #expect(server.get(proxy(to: files.url, workspace: workspace), as: .nobody).status == 401)
            }
        }
    }

    private func proxy(to target: String, workspace: String) -> String {
        let unreserved = CharacterSet.alphanumerics
        return "/proxy/v1?workspaceId=\(workspace)&targetUrl=\(target.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "")"
    }
}
