import Foundation
import TestSupport
import Testing
import Tools

@Suite("The folder of a workspace")
struct FolderPathTests {
    @Test(
        "users write it in several ways",
        arguments: [
            ("/", ""), ("", ""), ("/live/prod", "live/prod"), ("live/prod/", "live/prod"), ("./live", "live"),
            ("live/prod,modules/x", "live/prod"), ("/,/modules", ""),
        ]
    )
    func spelling(text: String, relative: String) throws {
        #expect(try FolderPath(text).relative == relative)
    }

    @Test("a folder that climbs is refused", arguments: ["..", "/../x", "a/../../b", "a/..", "a\nb"])
    func climbing(text: String) {
        #expect(throws: ToolError.self) { try FolderPath(text) }
    }

    @Test("a link out of the source is refused, one inside is followed, a missing folder is named")
    func resolve() async throws {
        try await withTemporaryDirectory { directory in
            let files = FileManager.default
            let root = directory.appending(path: "source").path
            try files.createDirectory(atPath: root + "/live", withIntermediateDirectories: true)
            try files.createDirectory(atPath: root + "-other", withIntermediateDirectories: true)
            try files.createSymbolicLink(atPath: root + "/inside", withDestinationPath: "live")
            try files.createSymbolicLink(atPath: root + "/outside", withDestinationPath: "../source-other")
            try files.createSymbolicLink(atPath: root + "/absolute", withDestinationPath: "/etc")
            try "x".write(toFile: root + "/file", atomically: true, encoding: .utf8)
            #expect(try FolderPath("inside").resolve(in: root).hasSuffix("/source/live"))
            for name in ["outside", "absolute", "absolute/ssl"] {
                #expect(throws: ToolError.self) { try FolderPath(name).resolve(in: root) }
            }
            #expect(throws: ToolError.notFound("The folder /nowhere does not exist in the source.")) {
                try FolderPath("/nowhere").resolve(in: root)
            }
            #expect(throws: ToolError.notFound("/file is a file in the source, not a folder.")) { try FolderPath("file").resolve(in: root) }
        }
    }
}
