package import Database
import Foundation

/// The engines that every store test runs on: `@Test(arguments: TestEngine.allCases)`.
package enum TestEngine: String, CaseIterable, Sendable, CustomStringConvertible {
    case sqlite
    case postgres

    package var description: String { rawValue }
}

/// Runs `body` with a database of its own, migrated and empty, which is closed and removed afterwards.
@discardableResult
package func withDatabase<Result>(
    _ engine: TestEngine,
    migrations: [Migration] = [],
    _ body: (any SQLDatabase) async throws -> Result
) async throws -> Result {
    try await withDatabaseURL(engine) { url in
        let database = try DatabaseLocation(url: url).open()
        do {
            if !migrations.isEmpty {
                try await Migrator(migrations).apply(to: database, now: Date(timeIntervalSince1970: 1_700_000_000))
            }
            let result = try await body(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }
}

/// Runs `body` with the URL of an empty database of its own, for what opens it by itself, such as a server process.
@discardableResult
package func withDatabaseURL<Result>(_ engine: TestEngine, _ body: (String) async throws -> Result) async throws -> Result {
    switch engine {
    case .sqlite:
        try await withTemporaryDirectory { directory in
            try await body("sqlite:\(directory.appending(path: "test.db").path(percentEncoded: false))")
        }
    case .postgres:
        try await PostgresCluster.shared.value.withDatabaseURL(body)
    }
}
