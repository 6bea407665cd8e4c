import Database
import Foundation

/// The rows that keep the tokens of teams alive.
struct TeamTokenStore {
    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    func insert(_ token: TeamToken) throws {
        try connection.execute(
            """
            INSERT INTO team_token (id, group_name, description, days, hours, minutes, expires_date, created_date, created_by)
            VALUES (\(token.id), \(token.group), \(token.description), \(token.lifetime.days), \(token.lifetime.hours),
                \(token.lifetime.minutes), \(token.expiresDate), \(token.createdDate), \(token.createdBy))
            """
        )
    }

    /// - Parameter groups: Nil for the tokens of all groups.
    func list(groups: Set<String>?) throws -> [TeamToken] {
        try connection.rows("SELECT * FROM team_token WHERE \(Self.isOf(groups)) ORDER BY created_date, id").map(token)
    }

    /// - Returns: Whether there was one to delete.
    func delete(id: String, groups: Set<String>?) throws -> Bool {
        try connection.execute("DELETE FROM team_token WHERE id = \(id) AND \(Self.isOf(groups))") > 0
    }

    /// A token that is alive at `now`.
    func find(id: String, now: Date) throws -> TeamToken? {
        try connection.row(
            "SELECT * FROM team_token WHERE id = \(id) AND (expires_date IS NULL OR expires_date > \(now))"
        ).map(token)
    }

    private static func isOf(_ groups: Set<String>?) -> SQL {
        groups.map { "group_name IN \(list: $0.sorted())" } ?? "TRUE"
    }

    private func token(_ row: SQLRow) throws -> TeamToken {
        TeamToken(
            id: try row.get("id"),
            group: try row.get("group_name"),
            description: try row.get("description"),
            lifetime: .init(days: try row.get("days"), hours: try row.get("hours"), minutes: try row.get("minutes")),
            createdDate: try row.get("created_date"),
            createdBy: try row.get("created_by")
        )
    }
}
