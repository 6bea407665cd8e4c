import Foundation
import Service

/// The folder that holds all there is on one machine. Readable by this user only.
struct DataDirectory {
    /// An absolute path.
    let path: String

    init(_ path: String) throws {
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        do {
            try FileManager.default.createDirectory(
                atPath: absolute,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw ConfigurationError("The data directory \(absolute) can't be made: \(error.localizedDescription)")
        }
        self.path = absolute
    }

    var databaseURL: String { "sqlite:\(path)/terrakube.db" }
    var blobs: String { "\(path)/blobs" }
    var executor: String { "\(path)/executor" }
    var binaries: String { "\(path)/binaries" }
    var releases: String { "\(path)/releases" }
    var initialPassword: String { "\(path)/initial-admin-password" }

    /// The secret key, made on the first start.
    func secretKey() throws -> String {
        try text(named: "secret-key", orMake: Keyring.generate)
    }

    /// The name of this server among those that share a database: its executors carry it.
    func node() throws -> String {
        try text(named: "node") { UUID().uuidString.lowercased() }
    }

    /// Writes a file that only this user can read.
    func write(_ text: String, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]) else {
            throw ConfigurationError("The file \(path) can't be written.")
        }
    }

    private func text(named name: String, orMake make: () -> String) throws -> String {
        let file = "\(path)/\(name)"
        if let stored = try? String(contentsOfFile: file, encoding: .utf8) {
            return stored.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard FileManager.default.fileExists(atPath: file) == false else {
            throw ConfigurationError("The file \(file) can't be read.")
        }
        let made = make()
        try write(made + "\n", to: file)
        return made
    }
}
