import Foundation

/// A folder on this machine that holds real providers, for tests that need one.
package enum ProviderMirror {
    /// The folder above `registry.terraform.io/hashicorp/aws`, looked for by name near the root of the file system; nil
    /// where there is none, and the tests that need it are skipped.
    package static let folder: String? = candidates().first { folder in
        FileManager.default.fileExists(atPath: "\(folder)/registry.terraform.io/hashicorp/aws")
    }

    private static func candidates() -> [String] {
        let named = ProcessInfo.processInfo.environment["TERRAKUBE_PLUGIN_DIR"].map { [$0] } ?? []
        let skipped: Set<String> = ["proc", "sys", "dev", "tmp", "run"]
        let tops = entries(of: "/").filter { skipped.contains($0) == false }.map { "/\($0)" }
        return named + tops + tops.flatMap { top in entries(of: top).map { "\(top)/\($0)" } }
    }

    private static func entries(of folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
}
