import Foundation
import TestSupport
import Testing

@testable import CommandLineUI

struct ConfigurationDirectoryTests {
    @Test("the folder gives the workspace its name", arguments: ["main.tf", "main.tf.json", "main.tofu"])
    func name(file: String) async throws {
        try await withTemporaryDirectory { directory in
            let folder = directory.appending(path: "network")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            try Data().write(to: folder.appending(path: file))
            #expect(try ConfigurationDirectory(folder.path).name == "network")
            #expect(try ConfigurationDirectory(folder.path + "/../network/").name == "network")
        }
    }

    @Test("a folder without a configuration is refused before anything is sent")
    func empty() async throws {
        try await withTemporaryDirectory { directory in
            try Data().write(to: directory.appending(path: "README.md"))
            #expect(throws: ClientError.self) { try ConfigurationDirectory(directory.path) }
            #expect(throws: ClientError.self) { try ConfigurationDirectory(directory.appending(path: "missing").path) }
        }
    }
}
