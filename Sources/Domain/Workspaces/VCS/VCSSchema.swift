package import Database

package enum VCSSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/002-vcs",
            [
                """
                CREATE TABLE vcs (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    name TEXT NOT NULL,
                    description TEXT NOT NULL,
                    vcs_type TEXT NOT NULL,
                    connection_type TEXT NOT NULL,
                    client_id TEXT,
                    client_secret TEXT,
                    private_key TEXT,
                    access_token TEXT,
                    callback TEXT,
                    endpoint TEXT,
                    api_url TEXT,
                    redirect_url TEXT,
                    status TEXT NOT NULL,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX vcs_organization ON vcs (organization_id)",
            ]
        )
    ]
}
