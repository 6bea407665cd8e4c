import JSONAPI

/// What an organization needs to read private repositories.
enum Credentials {
    /// In every secret of `all`.
    static let canary = "canary-k3y-77aa"

    static let vcs: [String: JSONValue] = [
        "name": "github", "description": "ours", "vcsType": "GITHUB", "clientId": "id", "clientSecret": .string("\(canary)-client"),
        "privateKey": .string("\(canary)-private"), "accessToken": .string("\(canary)-access"),
    ]

    static let ssh: [String: JSONValue] = ["name": "deploy", "sshType": "ed25519", "privateKey": .string("\(canary)-ssh")]

    /// By type.
    static let all = [("vcs", vcs), ("ssh", ssh)]
}
