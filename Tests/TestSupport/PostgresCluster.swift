import Database
import Foundation
import Subprocess
import SystemPackage

/// The PostgreSQL server of this test process: the one that `TERRAKUBE_TEST_POSTGRES_URL` names, or else a throw-away
/// cluster, made when the first test needs it and gone with the process.
struct PostgresCluster: Sendable {
    static let shared = Task { try await PostgresCluster() }

    private let url: URLComponents
    private let administration: PostgresDatabase

    private init() async throws {
        let given = ProcessInfo.processInfo.environment["TERRAKUBE_TEST_POSTGRES_URL"]
        let text = if let given { given } else { try await Self.start() }
        guard let url = URLComponents(string: text) else {
            throw PostgresClusterFailure(output: "TERRAKUBE_TEST_POSTGRES_URL is no URL")
        }
        self.url = url
        administration = try PostgresDatabase(url: text, connections: 4)
    }

    /// Tests run side by side, and each database takes up to nine connections: this many fit into `max_connections`.
    private let permits = Permits(16)

    /// Runs `body` with the URL of a new database, which is dropped afterwards.
    func withDatabaseURL<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        await permits.take()
        do {
            let result = try await withNewDatabase(body)
            await permits.giveBack()
            return result
        } catch {
            await permits.giveBack()
            throw error
        }
    }

    private func withNewDatabase<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let name = "test_\(UUID().uuidString.lowercased().replacing("-", with: ""))"
        try await administration.executeAlone("CREATE DATABASE \(identifier: name) TEMPLATE template0")
        var url = url
        url.path = "/\(name)"
        do {
            let result = try await body(url.string ?? "")
            try await drop(name)
            return result
        } catch {
            try await drop(name)
            throw error
        }
    }

    private func drop(_ name: String) async throws {
        try await administration.executeAlone("DROP DATABASE \(identifier: name) WITH (FORCE)")
    }

    /// Makes and starts a cluster that only a Unix socket in its own directory reaches.
    ///
    /// - Returns: Its URL.
    private static func start() async throws -> String {
        let pipe = try FileDescriptor.pipe(options: .closeOnExec)
        let result = try await run(
            .name("bash"),
            arguments: ["-c", script],
            // The writing end is never closed: when this process ends, however it does, the watchdog reads the end.
            input: .fileDescriptor(pipe.readEnd, closeAfterSpawningProcess: true),
            output: .string(limit: 4096),
            error: .string(limit: 65536)
        )
        let directory = result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
        guard result.terminationStatus.isSuccess, !directory.isEmpty else {
            throw PostgresClusterFailure(output: result.standardError)
        }
        return "postgres://postgres@/postgres?host=\(directory)"
    }

    /// Prints the directory of the cluster. PostgreSQL refuses to run as root, so root becomes `postgres`.
    private static let script = #"""
        set -euo pipefail
        shopt -s nullglob
        found=(/usr/lib/postgresql/*/bin)
        export PATH=$PATH${found:+:${found[-1]}}
        as_postgres() { "$@"; }
        if [ "$(id -u)" = 0 ]; then
            as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; }
        fi
        directory=$(as_postgres mktemp -d /tmp/terrakube-postgres-XXXXXX)
        cd "$directory"

        stop() {
            as_postgres pg_ctl --pgdata=data --mode=immediate stop || true
            rm -rf "$directory"
        }
        watch_parent() {
            trap '' INT TERM HUP
            cat > wait.log || true
            # What is still being set up is waited for.
            flock lock true
            stop
        }
        exec 3<&0 4>&1 5>&2 6>lock
        flock 6
        export -f as_postgres stop watch_parent
        export directory
        setsid bash -c watch_parent <&3 >watchdog.log 2>&1 3<&- 4>&- 5>&- 6>&- &

        exec >log 2>&1 3<&-
        alone() { as_postgres "$@" 4>&- 5>&- 6>&- || { cat log server.log >&5; exit 1; }; }
        alone initdb --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
        alone pg_ctl --pgdata=data --wait --silent --log=server.log --options="-c listen_addresses='' \
            -c unix_socket_directories=$directory -c fsync=off -c full_page_writes=off -c max_connections=200" start
        echo "$directory" >&4
        """#
}

/// Why there is no PostgreSQL for the tests.
struct PostgresClusterFailure: Error, CustomStringConvertible {
    let output: String

    var description: String {
        "PostgreSQL did not start (postgresql-15 is needed): \(output)"
    }
}
