import Foundation
import TestSupport
import Testing
import Tools

@Suite("Git mirrors")
struct GitMirrorsTests {
    /// A cache and an empty folder to check out to.
    private func withMirrors<Result>(_ body: (GitMirrors, URL) async throws -> Result) async throws -> Result {
        try await withTemporaryDirectory { directory in
            let mirrors = try GitMirrors(
                cacheDirectory: directory.appending(path: "cache").path,
                environment: ProcessInfo.processInfo.environment
            )
            return try await body(mirrors, directory)
        }
    }

    private func folder(_ name: String, in directory: URL) throws -> String {
        let path = directory.appending(path: name)
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        return path.path
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test("branches, tags, full names, commits and the default branch resolve to their commit")
    func resolve() async throws {
        try await GitServer.with { server in
            let repository = try await server.repository("app")
            let first = try await repository.commit(["main.tf": "1"])
            try await repository.git("tag", "--annotate", "v1", "--message", "first")
            let second = try await repository.commit(["main.tf": "2"])
            try await repository.git("branch", "feature/x")
            let third = try await repository.commit(["main.tf": "3"])
            try await withMirrors { mirrors, _ in
                let source = try GitSource(url: repository.url)
                func resolve(_ text: String) async throws -> String { try await mirrors.resolve(GitReference(text), of: source) }
                #expect(try await resolve("main") == third)
                #expect(try await resolve("feature/x") == second)
                #expect(try await resolve("v1") == first)
                #expect(try await resolve("refs/tags/v1") == first)
                #expect(try await resolve("") == third)
                #expect(try await resolve(second) == second)
                await #expect(throws: ToolError.notFound("The repository \(source.url) has no such branch, tag or commit.")) {
                    try await resolve("nowhere")
                }
                await #expect(throws: ToolError.self) { try await resolve(String(repeating: "a", count: 40)) }
            }
        }
    }

    @Test("a commit that is here already costs no request, a moved branch is seen at once")
    func incremental() async throws {
        try await GitServer.with { server in
            let repository = try await server.repository("app")
            let first = try await repository.commit(["main.tf": "1"])
            try await withMirrors { mirrors, directory in
                let source = try GitSource(url: repository.url)
                #expect(try await mirrors.resolve(GitReference("main"), of: source) == first)
                let count = server.requests.count
                try await mirrors.checkout(first, of: source, into: folder("a", in: directory))
                #expect(server.requests.count == count)
                // A rewritten branch, and one whose name takes the place of another's folder.
                try await repository.git("commit", "--quiet", "--amend", "--allow-empty", "--message", "Rewritten")
                try await repository.git("branch", "-m", "main", "main/next")
                let rewritten = try await repository.git("rev-parse", "HEAD")
                #expect(try await mirrors.resolve(GitReference("main/next"), of: source) == rewritten)
                await #expect(throws: ToolError.self) { try await mirrors.resolve(GitReference("main"), of: source) }
                try await mirrors.checkout(first, of: source, into: folder("b", in: directory))
                #expect(try text(folder("b", in: directory) + "/main.tf") == "1")
            }
        }
    }

    @Test("a checkout has modes and links, and no trace of git")
    func checkout() async throws {
        try await GitServer.with { server in
            let repository = try await server.repository("app")
            try await repository.commit(["live/prod/main.tf": "x", "run.sh": "#!/bin/sh"])
            try FileManager.default.createSymbolicLink(atPath: repository.path.path + "/link", withDestinationPath: "live/prod")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: repository.path.path + "/run.sh")
            let commit = try await repository.commit([:])
            try await withMirrors { mirrors, directory in
                let target = try folder("out", in: directory)
                try await mirrors.checkout(commit, of: GitSource(url: repository.url), into: target)
                #expect(try FileManager.default.contentsOfDirectory(atPath: target).sorted() == ["link", "live", "run.sh"])
                #expect(FileManager.default.isExecutableFile(atPath: target + "/run.sh"))
                #expect(try FileManager.default.destinationOfSymbolicLink(atPath: target + "/link") == "live/prod")
                #expect(try FolderPath("link").resolve(in: target).hasSuffix("/live/prod"))
            }
        }
    }

    @Test("neither filters nor hooks of a repository run")
    func filters() async throws {
        try await GitServer.with { server in
            let repository = try await server.repository("app")
            let commit = try await repository.commit([
                ".gitattributes": "* filter=evil\n*.tf export-ignore\n", "main.tf": "plain", ".gitmodules": "[core]\n\thooksPath = .\n",
                "post-checkout": "#!/bin/sh\ntouch /tmp/never",
            ])
            try await withMirrors { mirrors, directory in
                let target = try folder("out", in: directory)
                try await mirrors.checkout(commit, of: GitSource(url: repository.url), into: target)
                #expect(try text(target + "/main.tf") == "plain")
            }
        }
    }

    @Test("a private repository is read with credentials, which stand nowhere in the cache")
    func credentials() async throws {
        let password = "canary-\(UUID().uuidString) '\"$x"
        try await GitServer.with(username: "x-access-token", password: password) { server in
            let repository = try await server.repository("private")
            let commit = try await repository.commit(["main.tf": "1"])
            try await withMirrors { mirrors, directory in
                let source = try GitSource(url: repository.url)
                let right = GitCredentials(username: "x-access-token", password: password)
                #expect(try await mirrors.resolve(GitReference("main"), of: source, credentials: right) == commit)
                try await mirrors.checkout(commit, of: source, credentials: right, into: folder("out", in: directory))
                for case let file as URL in try #require(FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)) {
                    guard let data = try? Data(contentsOf: file) else { continue }
                    #expect(data.range(of: Data(password.prefix(20).utf8)) == nil, "\(file.path)")
                }
                await #expect(throws: ToolError.unavailable("\(source.url) asks for credentials, and none are configured.")) {
                    try await mirrors.resolve(GitReference("main"), of: source)
                }
                await #expect(throws: ToolError.denied("\(source.origin) refused the credentials for \(source.url).")) {
                    try await mirrors.resolve(
                        GitReference("main"),
                        of: source,
                        credentials: GitCredentials(username: "x-access-token", password: "wrong")
                    )
                }
            }
        }
    }

    @Test("submodules come along, relative and absolute, with the same host's credentials only")
    func submodules() async throws {
        try await GitServer.with(username: "u", password: "p") { server in
            try await GitServer.with { other in
                let leaf = try await server.repository("libs/leaf")
                try await leaf.commit(["leaf.tf": "leaf"])
                let foreign = try await other.repository("foreign")
                try await foreign.commit(["foreign.tf": "foreign"])
                let module = try await server.repository("libs/module")
                try await module.commit(["module.tf": "module"])
                try await add(leaf, to: module, at: "deep/leaf", url: "../leaf")
                let app = try await server.repository("app")
                try await add(module, to: app, at: "modules/one", url: "../libs/module")
                let commit = try await add(foreign, to: app, at: "foreign", url: foreign.url)
                try await withMirrors { mirrors, directory in
                    let target = try folder("out", in: directory)
                    let credentials = GitCredentials(username: "u", password: "p")
                    try await mirrors.checkout(commit, of: GitSource(url: app.url), credentials: credentials, into: target)
                    #expect(try text(target + "/modules/one/module.tf") == "module")
                    #expect(try text(target + "/modules/one/deep/leaf/leaf.tf") == "leaf")
                    #expect(try text(target + "/foreign/foreign.tf") == "foreign")
                }
            }
        }
    }

    @Test("a submodule over another transport is refused by name", arguments: ["git@example.com:a/b.git", "file:///etc", "ext::sh -c id"])
    func foreignTransport(url: String) async throws {
        try await GitServer.with { server in
            let leaf = try await server.repository("leaf")
            try await leaf.commit(["leaf.tf": "leaf"])
            let app = try await server.repository("app")
            let commit = try await add(leaf, to: app, at: "sub", url: url)
            try await withMirrors { mirrors, directory in
                let error = await #expect(throws: ToolError.self) {
                    try await mirrors.checkout(commit, of: GitSource(url: app.url), into: folder("out", in: directory))
                }
                #expect(error?.description.contains("The submodule sub cannot be fetched.") == true)
            }
        }
    }

    /// Adds a submodule as a hostile author could: by writing the entries.
    @discardableResult
    private func add(_ submodule: GitRepository, to repository: GitRepository, at path: String, url: String) async throws -> String {
        let head = try await submodule.git("rev-parse", "HEAD")
        try await repository.git("update-index", "--add", "--cacheinfo", "160000,\(head),\(path)")
        try await repository.git("config", "--file", ".gitmodules", "submodule.\(path).path", path)
        try await repository.git("config", "--file", ".gitmodules", "submodule.\(path).url", url)
        try await repository.git("add", ".gitmodules")
        try await repository.git("commit", "--quiet", "--message", "Add a submodule")
        return try await repository.git("rev-parse", "HEAD")
    }

    @Test("many checkouts of one repository at once do not disturb each other")
    func concurrent() async throws {
        try await GitServer.with { server in
            let repository = try await server.repository("app")
            var commits: [String] = []
            for number in 0..<4 {
                commits.append(
                    try await repository.commit(["main.tf": "\(number)", "big.txt": String(repeating: "\(number)", count: 10_000)])
                )
            }
            let all = commits
            try await withMirrors { mirrors, directory in
                let source = try GitSource(url: repository.url)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<12 {
                        let target = try folder("out\(number)", in: directory)
                        group.addTask {
                            try await mirrors.checkout(all[number % 4], of: source, into: target)
                            #expect(try String(contentsOfFile: target + "/main.tf", encoding: .utf8) == "\(number % 4)")
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test("a broken mirror is fetched anew", arguments: ["objects", "HEAD", "packs"])
    func broken(part: String) async throws {
        try await GitServer.with { server in
            let repository = try await server.repository("app")
            let commit = try await repository.commit(["main.tf": "1", "a/b.tf": "2"])
            try await withMirrors { mirrors, directory in
                let source = try GitSource(url: repository.url)
                _ = try await mirrors.resolve(GitReference("main"), of: source)
                let files = FileManager.default
                let root = directory.appending(path: "cache/mirrors").path
                let mirror = try root + "/" + #require(files.contentsOfDirectory(atPath: root).first)
                if part == "packs" {
                    for pack in try files.contentsOfDirectory(atPath: "\(mirror)/objects/pack") where pack.hasSuffix(".pack") {
                        // The header and the commit stay readable, the files do not.
                        let path = "\(mirror)/objects/pack/\(pack)"
                        try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
                        var data = try Data(contentsOf: URL(filePath: path))
                        for index in (data.count - 40)..<(data.count - 20) { data[index] = 0 }
                        try data.write(to: URL(filePath: path))
                    }
                } else {
                    try files.removeItem(atPath: "\(mirror)/\(part)")
                }
                let requests = server.requests.count
                let target = try folder("out", in: directory)
                try await mirrors.checkout(commit, of: source, into: target)
                #expect(server.requests.count > requests)
                #expect(try text(target + "/a/b.tf") == "2")
                #expect(try await mirrors.resolve(GitReference("main"), of: source) == commit)
            }
        }
    }

    @Test("a lock that a killed git left does not stop the next run")
    func staleLock() async throws {
        try await GitServer.with { server in
            let repository = try await server.repository("app")
            try await repository.commit(["main.tf": "1"])
            try await withMirrors { mirrors, directory in
                let source = try GitSource(url: repository.url)
                _ = try await mirrors.resolve(GitReference("main"), of: source)
                let root = directory.appending(path: "cache/mirrors")
                let mirror = try #require(FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil).first)
                try Data().write(to: mirror.appending(path: "shallow.lock"))
                let commit = try await repository.commit(["main.tf": "2"])
                #expect(try await mirrors.resolve(GitReference("main"), of: source) == commit)
            }
        }
    }

    @Test("a missing repository and an unreachable host are told apart")
    func failures() async throws {
        try await GitServer.with { server in
            try await withMirrors { mirrors, _ in
                await #expect {
                    try await mirrors.resolve(.defaultBranch, of: GitSource(url: "\(server.url)/nothing"))
                } throws: { error in
                    if case ToolError.notFound = error { true } else { false }
                }
                await #expect {
                    try await mirrors.resolve(.defaultBranch, of: GitSource(url: "http://127.0.0.1:1/app"))
                } throws: { error in
                    if case ToolError.unavailable = error { true } else { false }
                }
            }
        }
    }
}
