import Foundation
import HTTPTypes
import JSONAPI
import TestSupport
import Testing

struct IssuerDiscoveryTests {
    @Test("clients find the issuer and Terraform its services, whoever asks", arguments: ["", "expired.token.x"])
    func discovery(token: String) async throws {
        try await withServer(.sqlite) { server in
            let caller = token.isEmpty ? TestServer.Caller.nobody : .token(token)
            let issuer = try await server.get("/dex/.well-known/openid-configuration", as: caller)
            #expect(issuer.status == 200)
            #expect(issuer.string("issuer") == "https://terrakube.example.com/dex")
            #expect(issuer.string("authorization_endpoint") == "https://terrakube.example.com/dex/auth")
            #expect(issuer.json["code_challenge_methods_supported"] == ["S256"])
            #expect(issuer.json["id_token_signing_alg_values_supported"] == ["RS256"])
            for name in ["jwks_uri", "userinfo_endpoint", "token_endpoint", "device_authorization_endpoint"] {
                #expect(issuer.string(name)?.hasPrefix("https://terrakube.example.com/dex/") == true, "\(name)")
            }
            #expect(try await server.get("/dex/keys", as: caller).json["keys"]?.array?.count == 1)

            let services = try await server.get("/.well-known/terraform.json", as: caller)
            #expect(services.status == 200)
            #expect(services.headers[.contentType] == "application/json")
            let login = services.json["login.v1"]
            #expect(login?["client"] == "terraform")
            #expect(login?["grant_types"] == ["authz_code"])
            #expect(login?["authz"] == "/dex/auth")
            #expect(login?["token"] == "/dex/token")
            #expect(login?["ports"] == [10000, 10010])
            #expect(services.string("state.v2") == "/remote/state/v2/")
            #expect(services.string("tfe.v2") == "/remote/tfe/v2/")
            #expect(services.string("tfe.v2.1") == "/remote/tfe/v2/")
        }
    }
}
