import Hummingbird
import Identity
import Service

/// `/.well-known/terraform.json`: where Terraform finds what this host offers. Nobody is asked who they are: Terraform
/// sends the token that it has, and an expired one must not keep it from a new login.
/// Source: <https://developer.hashicorp.com/terraform/internals/remote-service-discovery>.
struct ServiceDiscoveryRoutes: Sendable {
    private struct Services: Encodable {
        let login = Login()
        let state = "/remote/state/v2/"
        let terraformCloud = "/remote/tfe/v2/"
        let remoteBackend = "/remote/tfe/v2/"

        enum CodingKeys: String, CodingKey {
            case login = "login.v1"
            case state = "state.v2"
            case terraformCloud = "tfe.v2"
            case remoteBackend = "tfe.v2.1"
        }
    }

    /// Source: <https://developer.hashicorp.com/terraform/internals/login-protocol>.
    private struct Login: Encodable {
        let client = SignOnClient.terraform.id
        let grantTypes = ["authz_code"]
        let authz = "/dex/auth"
        let token = "/dex/token"
        let ports = [SignOnClient.loopbackPorts.lowerBound, SignOnClient.loopbackPorts.upperBound]

        enum CodingKeys: String, CodingKey {
            case client, authz, token, ports
            case grantTypes = "grant_types"
        }
    }

    func register(on router: some RouterMethods<ServerContext>) {
        router.get(".well-known/terraform.json") { _, _ in try Response.json(Services()) }
    }
}
