import Database
import Foundation
import JSONAPI
import Synchronization
import TestSupport

/// A library's API over a real database, with a few rows in it.
struct Library: Sendable {
    let api: ResourceAPI<Reader>
    let database: CountingDatabase
    let log: ErrorLog

    // Ids by what they stand for.
    static let centre = id(1)
    static let harbour = id(2)
    static let closed = id(3)
    static let woolf = id(11)
    static let rilke = id(12)
    static let waves = id(21)
    static let elegies = id(22)
    static let diary = id(23)
    static let charts = id(24)
    static let classic = id(31)
    static let hidden = id(32)
    static let sea = id(33)

    static func id(_ number: Int) -> String {
        let digits = String(number)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    static let now = ISO8601DateFormatter().date(from: "2026-03-04T05:06:07Z") ?? .distantPast

    func get(_ path: String, as reader: Reader = .anna) async -> Answer {
        await send("GET", path, as: reader)
    }

    func send(
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil,
        as reader: Reader = .anna,
        contentType: String? = "application/vnd.api+json"
    ) async -> Answer {
        let data = body?.serialised() ?? Data()
        return await send(method, path, data: data, as: reader, contentType: body == nil ? nil : contentType)
    }

    func send(
        _ method: String,
        _ path: String,
        data: Data,
        as reader: Reader = .anna,
        contentType: String? = "application/vnd.api+json",
        accept: String? = nil
    ) async -> Answer {
        let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
        let request = ResourceRequest(
            method: method,
            path: parts.first ?? "",
            query: parts.count == 2 ? parts[1] : nil,
            contentType: contentType,
            accept: accept,
            body: data
        )
        return Answer(await api.respond(to: request, as: reader))
    }
}

/// A response whose body has been read.
struct Answer: CustomStringConvertible {
    let status: Int
    let headers: [String: String]
    let text: String
    let document: JSONValue?

    init(_ response: ResourceResponse) {
        status = response.status
        headers = response.headers
        text = String(decoding: response.body ?? Data(), as: UTF8.self)
        document = response.body.flatMap { try? JSONValue(parsing: $0) }
    }

    var data: JSONValue? { document?["data"] }
    var id: String? { data?["id"]?.string }
    var attributes: JSONValue? { data?["attributes"] }
    /// The ids of a list, in order.
    var ids: [String] { (data?.array ?? []).compactMap { $0["id"]?.string } }
    /// `type/id` of what is included, in order.
    var included: [String] {
        (document?["included"]?.array ?? []).map { "\($0["type"]?.string ?? "")/\($0["id"]?.string ?? "")" }
    }
    var error: JSONValue? { document?["errors"]?.array?.first }
    var detail: String { error?["detail"]?.string ?? "" }
    var pointer: String? { error?["source"]?["pointer"]?.string }
    var parameter: String? { error?["source"]?["parameter"]?.string }

    func linkage(_ relationship: String) -> [String] {
        let data = data?["relationships"]?[relationship]?["data"]
        return (data?.array ?? [data].compactMap(\.self)).compactMap { $0["id"]?.string }
    }

    var description: String { "\(status) \(text)" }
}

func withLibrary<Result>(_ engine: TestEngine, _ body: (Library) async throws -> Result) async throws -> Result {
    try await withDatabase(engine, migrations: [LibrarySchema.migration]) { database in
        let counting = CountingDatabase(base: database)
        let log = ErrorLog()
        let ids = Mutex(1000)
        let api = try ResourceAPI<Reader>(
            schemas: LibrarySchema.all,
            database: counting,
            author: { $0.name },
            now: { Library.now },
            newID: {
                ids.withLock { next in
                    next += 1
                    return Library.id(next)
                }
            },
            onUnexpectedError: { log.append($0) }
        )
        try await database.write { transaction in
            for statement in Library.rows { try transaction.execute(statement) }
        }
        return try await body(Library(api: api, database: counting, log: log))
    }
}

extension Library {
    fileprivate static let rows: [SQL] = [
        """
        INSERT INTO library (id, name, city, is_open, open_since, disabled, created_date) VALUES
        (\(centre), 'Centre', 'Bremen', TRUE, 1767323045678, FALSE, 1767225600000),
        (\(harbour), 'Harbour', NULL, FALSE, NULL, FALSE, 1767225600000),
        (\(closed), 'Closed', 'Bremen', TRUE, NULL, TRUE, NULL)
        """,
        "INSERT INTO member VALUES (\(centre), 'anna'), (\(closed), 'anna')",
        "INSERT INTO author VALUES (\(woolf), 'Virginia Woolf', 1882), (\(rilke), 'Rainer Maria Rilke', 1875)",
        """
        INSERT INTO book (id, title, genre, pages, keywords, is_secret, note, library_id, author_id, sequel_id, created_date) VALUES
        (\(waves), 'The Waves', 'NOVEL', 300, '["sea","time"]', FALSE, 'a fine copy', \(centre), \(woolf), \(diary), 1767323040000),
        (\(elegies), 'Duino_Elegies', 'POETRY', 90, '[]', FALSE, NULL, \(centre), \(rilke), NULL, 1767326645000),
        (\(diary), 'the diary*', 'NOVEL', NULL, NULL, TRUE, 'under the desk', \(centre), \(woolf), NULL, 1767409445000),
        (\(charts), 'Charts', 'NOVEL', 12, NULL, FALSE, 'salt', \(harbour), NULL, \(waves), NULL)
        """,
        """
        INSERT INTO loan (borrower, status, book_id, library_id) VALUES
        ('ben', 'back', \(waves), \(centre)), ('eva', 'out', \(waves), \(centre)), ('ben', 'out', \(charts), \(harbour))
        """,
        "INSERT INTO cover VALUES ('blue:1', 'blue', \(waves))",
        "INSERT INTO label VALUES (\(classic), 'classic', \(centre)), (\(hidden), 'hidden', \(centre)), (\(sea), 'sea', \(centre))",
        "INSERT INTO book_label VALUES (\(waves), \(classic)), (\(waves), \(hidden)), (\(elegies), \(classic))",
    ]
}

/// What the API told its log.
final class ErrorLog: Sendable {
    private let errors = Mutex<[String]>([])

    var entries: [String] { errors.withLock { $0 } }

    func append(_ error: any Error) {
        errors.withLock { $0.append("\(error)") }
    }
}
