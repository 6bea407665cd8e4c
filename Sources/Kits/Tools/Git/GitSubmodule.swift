import Foundation

/// A repository inside of another one (gitmodules(5)).
struct GitSubmodule: Equatable {
    let path: String
    let url: String
    let commit: String

    struct Declaration: Equatable {
        let path: String
        let url: String
    }

    /// - Parameter configuration: What `git config -z --list` prints: `key NEWLINE value NUL`.
    static func declarations(_ configuration: Data) -> [Declaration] {
        var paths: [String: String] = [:]
        var urls: [String: String] = [:]
        for entry in String(decoding: configuration, as: UTF8.self).split(separator: "\0") {
            let parts = entry.split(separator: "\n", maxSplits: 1)
            guard parts.count == 2, parts[0].hasPrefix("submodule."), let dot = parts[0].lastIndex(of: ".") else { continue }
            let name = String(parts[0][..<dot])
            switch parts[0][dot...] {
            case ".path": paths[name] = String(parts[1])
            case ".url": urls[name] = String(parts[1])
            default: continue
            }
        }
        return paths.compactMap { name, path in urls[name].map { Declaration(path: path, url: $0) } }
            .filter { isSafe($0.path) }
            .sorted { $0.path < $1.path }
    }

    /// - Parameter tree: What `git ls-tree -z` prints: `mode SPACE type SPACE id TAB path NUL`.
    static func joining(_ declarations: [Declaration], withTree tree: Data) -> [GitSubmodule] {
        var commits: [String: String] = [:]
        for entry in String(decoding: tree, as: UTF8.self).split(separator: "\0") {
            let parts = entry.split(separator: "\t", maxSplits: 1)
            let fields = parts.first?.split(separator: " ") ?? []
            guard parts.count == 2, fields.count == 3, fields[0] == "160000" else { continue }
            commits[String(parts[1])] = String(fields[2])
        }
        return declarations.compactMap { declaration in
            commits[declaration.path].map { GitSubmodule(path: declaration.path, url: declaration.url, commit: $0) }
        }
    }

    private static func isSafe(_ path: String) -> Bool {
        !path.hasPrefix("-")
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
                !["", ".", ".."].contains($0) && $0.lowercased() != ".git"
            }
    }
}
