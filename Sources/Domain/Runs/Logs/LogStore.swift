import Database
import Foundation

/// The output of steps, in chunks that are numbered by byte offset.
struct LogStore {
    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    /// Appends a chunk. What is there already is passed over, so that a writer whose connection broke may repeat it.
    ///
    /// - Returns: Whether it was new.
    /// - Throws: `LogGap` when bytes before the chunk are missing.
    @discardableResult
    func append(_ bytes: Data, at offset: Int, step: String) throws -> Bool {
        let length = try length(step: step)
        guard (0...length).contains(offset) else { throw LogGap(expected: length, received: offset) }
        let new = Data(bytes.dropFirst(length - offset))
        guard new.isEmpty == false else { return false }
        try connection.execute(
            """
            INSERT INTO step_log (step_id, start_offset, end_offset, bytes)
            VALUES (\(step), \(length), \(length + new.count), \(new))
            """
        )
        return true
    }

    /// How many bytes there are.
    func length(step: String) throws -> Int {
        try connection.row("SELECT end_offset FROM step_log WHERE step_id = \(step) ORDER BY start_offset DESC LIMIT 1")?
            .get("end_offset") ?? 0
    }

    /// Bytes from an offset on, at most about `limit` (whole chunks).
    func read(step: String, from offset: Int, limit: Int) throws -> Data {
        // The chunk that holds the offset is the last one that begins at or before it: the primary key finds it.
        let rows = try connection.rows(
            """
            SELECT start_offset, bytes FROM step_log WHERE step_id = \(step) AND end_offset > \(offset)
            AND start_offset >= COALESCE(
                (SELECT MAX(start_offset) FROM step_log WHERE step_id = \(step) AND start_offset <= \(offset)), 0)
            ORDER BY start_offset LIMIT \(max(1, limit / 65_536))
            """
        )
        return try rows.reduce(into: Data()) { result, row in
            let start: Int = try row.get("start_offset")
            result += try row.get("bytes", as: Data.self).dropFirst(max(0, offset - start))
        }
    }

    func clear(step: String) throws {
        try connection.execute("DELETE FROM step_log WHERE step_id = \(step)")
    }
}

/// A chunk that does not follow what is stored.
struct LogGap: Error {
    let expected: Int
    let received: Int
}
