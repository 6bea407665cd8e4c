package import Database

package enum OrganizationSchema {
    package static let migrations = [
        Migration(
            id: "identity/001-organization",
            [
                """
                CREATE TABLE organization (
                    id TEXT PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE,
                    description TEXT,
                    disabled BOOLEAN NOT NULL DEFAULT FALSE,
                    execution_mode TEXT NOT NULL DEFAULT 'remote',
                    icon TEXT
                )
                """
            ]
        )
    ]
}
