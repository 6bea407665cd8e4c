import CLibpq

/// An error as PostgreSQL reports it, before it is translated for a store.
struct PostgresFailure: Error, Equatable {
    /// The five characters of https://www.postgresql.org/docs/15/errcodes-appendix.html; empty when the connection
    /// itself failed.
    let state: String
    let message: String
    let constraint: String?

    init(state: String, message: String, constraint: String? = nil) {
        self.state = state
        self.message = message
        self.constraint = constraint
    }

    init(_ result: OpaquePointer?, on connection: OpaquePointer) {
        func field(_ code: UnicodeScalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
        }
        // PG_DIAG_SQLSTATE, PG_DIAG_MESSAGE_PRIMARY and PG_DIAG_CONSTRAINT_NAME. The detail is left out: it quotes rows.
        state = field("C") ?? ""
        message = field("M") ?? String(cString: PQerrorMessage(connection)).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        constraint = field("n")
    }

    /// Two transactions collided, and this one was asked to start again.
    var isCollision: Bool {
        state == "40001" || state == "40P01"
    }

    /// The schema was changed under a prepared statement. Preparing it again helps.
    var isStalePlan: Bool {
        state == "0A000" && message.contains("cached plan")
    }

    var databaseError: DatabaseError {
        switch state {
        case "23505":
            .uniqueViolation(constraint: constraint ?? message)
        case "23503":
            .foreignKeyViolation(message)
        // Not null, check, exclusion; text too long, number out of range, text that is no number, bad encoding.
        case "23502", "23514", "23P01", "22001", "22003", "22P02", "22021":
            .constraintViolation(message)
        // Connection exceptions, insufficient resources, operator intervention (shutdown), internal errors of the host.
        case _ where ["", "08", "53", "57", "58"].contains(state.prefix(2)):
            .unavailable(message)
        case _ where isCollision:
            .unavailable("other transactions kept changing the same rows: \(message)")
        default:
            .statement("\(message) (SQLSTATE \(state))")
        }
    }
}
