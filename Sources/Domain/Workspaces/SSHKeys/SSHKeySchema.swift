package import Database

package enum SSHKeySchema {
    package static let migrations = [
        Migration(
            id: "workspaces/003-ssh",
            [
                """
                CREATE TABLE ssh (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    name TEXT NOT NULL,
                    description TEXT,
                    private_key TEXT NOT NULL,
                    ssh_type TEXT NOT NULL,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX ssh_organization ON ssh (organization_id)",
            ]
        )
    ]
}
