/// The programs that turn a configuration into infrastructure.
package enum IaCBinary: String, Sendable, Hashable, CaseIterable {
    case terraform
    case tofu

    /// What people call it.
    package var name: String {
        switch self {
        case .terraform: "Terraform"
        case .tofu: "OpenTofu"
        }
    }
}
