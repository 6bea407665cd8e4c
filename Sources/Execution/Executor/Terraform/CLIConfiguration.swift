import Foundation
import Wire

/// The CLI configuration file of a job: nothing of the machine's own settings reaches a run.
struct CLIConfiguration: Sendable {
    let pluginCache: String
    /// A `filesystem_mirror`, with the providers that it holds as `host/namespace/type`.
    let mirror: (path: String, providers: [String])?
    let credentials: [HostCredential]

    /// - Parameter pluginDirectory: Only what it really holds is kept from being downloaded.
    init(pluginCache: String, pluginDirectory: String?, credentials: [HostCredential]) {
        self.pluginCache = pluginCache
        self.credentials = credentials
        let providers = pluginDirectory.map(Self.providers) ?? []
        mirror = providers.isEmpty ? nil : pluginDirectory.map { ($0, providers) }
    }

    /// The link between cache and lock file is kept by `PluginCache`, which offers Terraform only packages that may
    /// be used; see there.
    var text: String {
        var text = """
            plugin_cache_dir = \(Self.quoted(pluginCache))
            plugin_cache_may_break_dependency_lock_file = true
            disable_checkpoint = true

            """
        if let mirror {
            let providers = mirror.providers.map(Self.quoted).joined(separator: ", ")
            text += """
                provider_installation {
                  filesystem_mirror {
                    path    = \(Self.quoted(mirror.path))
                    include = [\(providers)]
                  }
                  direct {
                    exclude = [\(providers)]
                  }
                }

                """
        }
        for credential in credentials {
            text += """
                credentials \(Self.quoted(credential.host)) {
                  token = \(Self.quoted(credential.token))
                }

                """
        }
        return text
    }

    private static func providers(in directory: String) -> [String] {
        var paths = [""]
        for _ in 0..<3 {
            paths = paths.flatMap { path in
                let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(path)")) ?? []
                return names.filter { !$0.hasPrefix(".") }.map { path.isEmpty ? $0 : "\(path)/\($0)" }
            }
        }
        return paths.sorted()
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
    }
}
