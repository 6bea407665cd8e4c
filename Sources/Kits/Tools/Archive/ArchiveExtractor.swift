import Foundation
import Synchronization

/// Unpacks `.tar.gz` archives that strangers made: Terraform configurations that were uploaded, modules, providers.
package struct ArchiveExtractor: Sendable {
    /// What an archive may contain.
    package struct Limits: Sendable {
        package var entries: Int
        /// The size of all files together, unpacked.
        package var bytes: Int

        package init(entries: Int = 100_000, bytes: Int = 2 << 30) {
            self.entries = entries
            self.bytes = bytes
        }
    }

    private let runner: ToolRunner
    private let searchPath: String
    private let limits: Limits

    /// - Parameter searchPath: Where `gzip` is looked for.
    package init(searchPath: String, limits: Limits = Limits(), runner: ToolRunner = ToolRunner()) {
        self.runner = runner
        self.searchPath = searchPath
        self.limits = limits
    }

    /// Unpacks an archive. Nothing is written outside of `directory`, whatever the archive says; what was written
    /// before a violation was found stays, so the caller removes the folder after an error.
    ///
    /// - Parameters:
    ///   - archive: The bytes of a `.tar.gz`, or the file that holds them.
    ///   - directory: Created when it is missing; otherwise best empty.
    /// - Throws: `ToolError.invalidArchive` when the archive is broken, too large, or would write where it must not.
    package func extract(_ archive: ToolInput, into directory: String) async throws {
        let extraction = Mutex(try Extraction(root: directory, limits: limits))
        let command = ToolCommand(
            executable: "gzip",
            arguments: ["-d", "-c"],
            environment: ["PATH": searchPath, "LC_ALL": "C"],
            directory: "/",
            input: archive
        )
        let result = try await runner.stream(command) { chunk in
            try extraction.withLock { try $0.feed(chunk) }
        }
        // 2 is a warning, such as zeros after the end.
        guard result.exit.code == 0 || result.exit.code == 2 else {
            throw ToolError.invalidArchive("The archive is not a complete gzip file: \(result.standardError)")
        }
        try extraction.withLock { try $0.finish() }
    }
}
