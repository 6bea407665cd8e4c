import CLibpq
import Foundation

/// One session with a server. Every call blocks its thread.
///
/// Unchecked: one thread at a time uses the handle, because the pool lends a connection to one transaction, and the
/// listener keeps its own.
final class PostgresConnection: @unchecked Sendable {
    private struct StatementKey: Hashable {
        let text: String
        let types: [Oid]
    }

    private struct PreparedStatement {
        let name: String
        var columns: SQLColumns?
    }

    /// Above this all are forgotten and prepared again when needed; statements are written in code, so it is rare.
    private static let maximumStatements = 500

    private let handle: OpaquePointer
    private var statements: [StatementKey: PreparedStatement] = [:]
    private var statementCount = 0

    /// Connects. What the URL says wins over the defaults here: a server that does not answer is given up after 10 s,
    /// and a peer that vanished after about half a minute.
    ///
    /// - Throws: `DatabaseError.unavailable`, without the password.
    init(_ url: PostgresURL) throws {
        let options: KeyValuePairs = [
            "application_name": "terrakube",
            "connect_timeout": "10",
            "keepalives_idle": "15",
            "keepalives_interval": "5",
            "keepalives_count": "3",
            "tcp_user_timeout": "30000",
            "dbname": url.text,
            "client_encoding": "UTF8",
        ]
        let keywords = options.map { strdup($0.key) } + [nil]
        let values = options.map { strdup($0.value) } + [nil]
        defer { (keywords + values).forEach { free($0) } }
        guard let handle = PQconnectdbParams(keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1) else {
            throw DatabaseError.unavailable("no memory for a connection")
        }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else {
            // deinit finishes the handle.
            throw DatabaseError.unavailable(url.redacted(String(cString: PQerrorMessage(handle))))
        }
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        do {
            // Decoding relies on it, and a database may have another default.
            try command("SET bytea_output = 'hex'")
        } catch let failure as PostgresFailure {
            throw failure.databaseError
        }
    }

    deinit {
        PQfinish(handle)
    }

    var isBroken: Bool {
        PQstatus(handle) != CONNECTION_OK
    }

    /// Whether another transaction may have it.
    var isIdle: Bool {
        !isBroken && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    /// Runs a command without values, such as `BEGIN`.
    ///
    /// - Throws: `PostgresFailure`.
    @discardableResult
    func command(_ text: String) throws -> PostgresResult {
        try decode(PQexec(handle, text), columns: nil)
    }

    /// Runs a statement, prepared the first time that it is seen if it is of the kind that comes again.
    ///
    /// - Throws: `PostgresFailure`.
    func run(_ text: String, _ parameters: PostgresParameters) throws -> PostgresResult {
        guard Self.isWorthPreparing(text) else {
            let result = parameters.withPointers { values, lengths, formats in
                PQexecParams(handle, text, parameters.count, parameters.types, values, lengths, formats, 0)
            }
            return try decode(result, columns: nil)
        }
        let key = StatementKey(text: text, types: parameters.types)
        let statement = try statements[key] ?? prepare(key)
        let result = parameters.withPointers { values, lengths, formats in
            PQexecPrepared(handle, statement.name, parameters.count, values, lengths, formats, 0)
        }
        let decoded = try decode(result, columns: statement.columns)
        if statement.columns == nil {
            statements[key]?.columns = decoded.columns
        }
        return decoded
    }

    /// Forgets what was prepared. Outside of a failed transaction only.
    ///
    /// - Throws: `PostgresFailure`.
    func forgetStatements() throws {
        statements = [:]
        try command("DEALLOCATE ALL")
    }

    private func prepare(_ key: StatementKey) throws -> PreparedStatement {
        if statements.count >= Self.maximumStatements {
            try forgetStatements()
        }
        statementCount += 1
        let statement = PreparedStatement(name: "s\(statementCount)")
        _ = try decode(PQprepare(handle, statement.name, key.text, Int32(key.types.count), key.types), columns: nil)
        statements[key] = statement
        return statement
    }

    /// Schema statements run once.
    private static func isWorthPreparing(_ text: String) -> Bool {
        let verb = text.drop(while: \.isWhitespace).prefix(while: \.isLetter).uppercased()
        return ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(verb)
    }

    /// Takes over `result`.
    private func decode(_ result: OpaquePointer?, columns: SQLColumns?) throws -> PostgresResult {
        defer { PQclear(result) }
        let good = [PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY]
        guard let result, good.contains(PQresultStatus(result)) else {
            throw PostgresFailure(result, on: handle)
        }
        return PostgresResult(result, columns: columns)
    }
}

/// Notifications, for the connection that listens.
extension PostgresConnection {
    /// The descriptor to wait on.
    var socket: Int32 {
        PQsocket(handle)
    }

    /// Reads what has arrived and gives the payloads of its notifications.
    ///
    /// - Throws: `PostgresFailure` when the connection is gone.
    func notifications() throws -> [String] {
        guard PQconsumeInput(handle) == 1 else {
            throw PostgresFailure(nil, on: handle)
        }
        var payloads: [String] = []
        while let notification = PQnotifies(handle) {
            payloads.append(String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
        return payloads
    }
}
