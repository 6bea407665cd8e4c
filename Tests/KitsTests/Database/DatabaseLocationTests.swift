import Database
import Testing

struct DatabaseLocationTests {
    @Test(
        "a sqlite URL names a file",
        arguments: [
            ("sqlite:/var/lib/terrakube.db", "/var/lib/terrakube.db"), ("sqlite:data/terrakube.db", "data/terrakube.db"),
            ("SQLite:./a b.db", "./a b.db"), ("sqlite:///var/t.db", "/var/t.db"),
        ]
    )
    func sqlite(url: String, path: String) throws {
        #expect(try DatabaseLocation(url: url) == .sqlite(path: path))
    }

    @Test(
        "a description has no password",
        arguments: [
            ("postgres://ann:s3cret@db.example:6432/terrakube", "postgres://ann@db.example:6432/terrakube"),
            ("postgresql://db/terrakube?user=ann&password=s3cret&sslmode=require", "postgres://ann@db/terrakube"),
            ("postgres://ann:s3cret%40%2F@db:1,db2:2/terrakube", "postgres://ann@db,db2:1,2/terrakube"),
            ("postgres://ann:s3cret?x@db/terrakube", "postgres://ann@db/terrakube"),
            ("postgres://ann@/terrakube?host=/run/postgresql", "postgres://ann@/run/postgresql/terrakube"),
        ]
    )
    func postgres(url: String, description: String) throws {
        #expect(try DatabaseLocation(url: url).description == description)
    }

    @Test(
        "a URL that cannot be used is refused, and its password not repeated",
        arguments: [
            "", "terrakube.db", "mysql://ann:s3cret@db/terrakube", "sqlite:", "sqlite:/", "sqlite:///", "sqlite::memory:",
            "sqlite://ann:s3cret@host/file.db", "postgres:ann:s3cret", "postgres://ann:s3cret@db:port:1/terrakube",
            "postgres://ann:s3cret%zz@db/terrakube", "postgres://ann:p@s3cret@db/terrakube", "postgres://ann:1/s3cret@db/terrakube",
            "postgres://ann:s3cret/1@db/terrakube",
            "postgres://ann:p@db/terrakube?s3cret=1",
        ]
    )
    func refused(url: String) throws {
        let error = #expect(throws: InvalidDatabaseURL.self) { try DatabaseLocation(url: url) }
        #expect(error?.description.contains("s3cret") == false)
        #expect(error?.reason.isEmpty == false)
    }
}
