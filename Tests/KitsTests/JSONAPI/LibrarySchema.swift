import Database
import JSONAPI

/// Who asks in these tests.
struct Reader: Sendable {
    let name: String
    /// Sees secrets, and libraries that he is no member of.
    var isLibrarian = false

    /// A member of the library `Centre` and not of `Harbour`.
    static let anna = Reader(name: "anna")
    static let librarian = Reader(name: "lisa", isLibrarian: true)
}

/// Made-up resource types that use everything that a declaration can say.
enum LibrarySchema {
    static let all = [library, author, book, loan, cover, label]

    static let library = ResourceSchema<Reader>(
        type: "library",
        isRoot: true,
        isAudited: true,
        attributes: [
            ResourceAttribute("name", .string(limit: 20), isRequired: true),
            ResourceAttribute("city", .string(limit: 20)),
            ResourceAttribute("isOpen", .boolean, defaultValue: true),
            ResourceAttribute("openSince", .date),
            ResourceAttribute("disabled", .boolean, defaultValue: false),
        ],
        relationships: [
            .toMany("book", column: "library_id"), .toMany("label", column: "library_id"),
            .toMany("loan", column: "library_id", isListedOnDemand: true),
        ],
        exists: { "NOT \($0["disabled"])" },
        isReadable: mayReadLibrary,
        writing: .open
    )

    static let author = ResourceSchema<Reader>(
        type: "author",
        isRoot: true,
        attributes: [ResourceAttribute("name", .string(limit: 40), isRequired: true), ResourceAttribute("born", .integer)],
        relationships: [.toMany("works", "book", column: "author_id")],
        isReadable: { _, _ in "TRUE" },
        writing: ResourceWriting(create: { _, _ in }, delete: { _, _ in })
    )

    static let book = ResourceSchema<Reader>(
        type: "book",
        isRoot: true,
        isAudited: true,
        attributes: [
            ResourceAttribute("title", .string(limit: 40), isRequired: true),
            ResourceAttribute("genre", .enumeration(["NOVEL", "POETRY"]), isRequired: true, defaultValue: "NOVEL"),
            ResourceAttribute("pages", .integer),
            ResourceAttribute("keywords", .strings),
            ResourceAttribute("isSecret", .boolean, isRequired: true, defaultValue: false),
            ResourceAttribute(
                "note",
                .string(limit: 40),
                isReadable: { reader, row in "(NOT \(row["is_secret"]) OR \(reader.isLibrarian))" }
            ),
            ResourceAttribute("isbn", .string(limit: 20), mutability: .onCreate),
            ResourceAttribute("popularity", .integer, mutability: .never),
            ResourceAttribute("shelfMark", .string(limit: 20), mutability: .ignored),
            ResourceAttribute("titleLength", .integer, expression: { "length(\($0["title"]))" }),
        ],
        relationships: [
            .toOne("library", isRequired: true), .toOne("author"), .toOne("sequel", "book"),
            .toOne("donor", "author", isWritable: false),
            .toMany("loan", column: "book_id"), .toOneInverse("cover", column: "book_id"),
            .toMany("labels", "label", through: "book_label", column: "book_id", targetColumn: "label_id"),
        ],
        ignoredAttributes: ["legacy"],
        isReadable: { reader, row in
            let library = SQLTable(alias: "l")
            return "EXISTS (SELECT 1 FROM library l WHERE l.id = \(row["library_id"]) AND \(mayReadLibrary(reader, library)))"
        },
        writing: .open
    )

    static let loan = ResourceSchema<Reader>(
        type: "loan",
        identity: .integer,
        attributes: [
            ResourceAttribute("borrower", .string(limit: 20), isRequired: true),
            ResourceAttribute("status", .enumeration(["out", "back"]), isRequired: true, defaultValue: "out"),
        ],
        relationships: [.toOne("book", isRequired: true), .toOne("library", isRequired: true)],
        isReadable: { _, _ in "TRUE" },
        writing: ResourceWriting(
            create: { draft, context in
                let home = try context.transaction.row(
                    "SELECT library_id FROM book WHERE id = \(try draft.value("book_id", as: String.self))"
                )
                guard try home?.get("library_id") == draft.value("library_id", as: String.self) else {
                    throw APIError.invalid(relationship: "book", "The book stands in another library.")
                }
            },
            created: { draft, context in
                try context.transaction.execute(
                    "UPDATE book SET popularity = \(Int(draft.id)) WHERE id = \(try draft.value("book_id", as: String.self))"
                )
            },
            update: { draft, _ in
                if draft.changes("status"), try draft.previous?.get("status") == "back" {
                    throw APIError.conflict("The loan has ended.")
                }
            },
            delete: { draft, _ in
                if try draft.previous?.get("status") == "out" { throw APIError.conflict("The book is still out.") }
            }
        )
    )

    static let cover = ResourceSchema<Reader>(
        type: "cover",
        identity: .fromClient,
        attributes: [ResourceAttribute("colour", .string(limit: 20))],
        isReadable: { _, _ in "TRUE" },
        writing: .open
    )

    static let label = ResourceSchema<Reader>(
        type: "label",
        attributes: [ResourceAttribute("name", .string(limit: 20), isRequired: true)],
        isReadable: { reader, row in "(\(row["name"]) <> 'hidden' OR \(reader.isLibrarian))" },
        writing: .open
    )

    @Sendable
    private static func mayReadLibrary(_ reader: Reader, _ row: SQLTable) -> SQL {
        "(\(reader.isLibrarian) OR EXISTS (SELECT 1 FROM member m WHERE m.library_id = \(row["id"]) AND m.name = \(reader.name)))"
    }

    static let migration = Migration(id: "library/001") { dialect in
        [
            """
            CREATE TABLE library (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, city TEXT, is_open BOOLEAN, open_since BIGINT,
            disabled BOOLEAN NOT NULL, created_date BIGINT, created_by TEXT, updated_date BIGINT, updated_by TEXT)
            """,
            "CREATE TABLE member (library_id TEXT NOT NULL REFERENCES library (id), name TEXT NOT NULL)",
            "CREATE TABLE author (id TEXT PRIMARY KEY, name TEXT NOT NULL, born BIGINT)",
            """
            CREATE TABLE book (id TEXT PRIMARY KEY, title TEXT NOT NULL, genre TEXT NOT NULL, pages BIGINT CHECK (pages <> 13),
            keywords TEXT, is_secret BOOLEAN NOT NULL, note TEXT, isbn TEXT, popularity BIGINT, shelf_mark TEXT,
            library_id TEXT NOT NULL REFERENCES library (id), author_id TEXT REFERENCES author (id),
            sequel_id TEXT REFERENCES book (id), donor_id TEXT REFERENCES author (id),
            created_date BIGINT, created_by TEXT, updated_date BIGINT, updated_by TEXT)
            """,
            """
            CREATE TABLE loan (id \(dialect.identityColumn), borrower TEXT NOT NULL, status TEXT NOT NULL,
            book_id TEXT NOT NULL REFERENCES book (id), library_id TEXT NOT NULL REFERENCES library (id))
            """,
            "CREATE TABLE cover (id TEXT PRIMARY KEY, colour TEXT, book_id TEXT NOT NULL REFERENCES book (id))",
            "CREATE TABLE label (id TEXT PRIMARY KEY, name TEXT NOT NULL, library_id TEXT NOT NULL REFERENCES library (id))",
            """
            CREATE TABLE book_label (book_id TEXT NOT NULL REFERENCES book (id), label_id TEXT NOT NULL REFERENCES label (id),
            PRIMARY KEY (book_id, label_id))
            """,
        ]
    }
}

extension ResourceWriting {
    /// Everybody may do everything.
    static var open: ResourceWriting {
        ResourceWriting(create: { _, _ in }, update: { _, _ in }, delete: { _, _ in })
    }
}
