package import Database

package enum VariableSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/005-variable",
            [
                """
                CREATE TABLE variable (
                    id TEXT PRIMARY KEY,
                    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                    key TEXT NOT NULL,
                    value TEXT NOT NULL,
                    description TEXT,
                    category TEXT NOT NULL,
                    sensitive BOOLEAN NOT NULL DEFAULT FALSE,
                    hcl BOOLEAN NOT NULL DEFAULT FALSE,
                    incomplete BOOLEAN NOT NULL DEFAULT FALSE,
                    UNIQUE (workspace_id, key, category)
                )
                """,
                """
                CREATE TABLE globalvar (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    key TEXT NOT NULL,
                    value TEXT NOT NULL,
                    description TEXT,
                    category TEXT NOT NULL,
                    sensitive BOOLEAN NOT NULL DEFAULT FALSE,
                    hcl BOOLEAN NOT NULL DEFAULT FALSE,
                    UNIQUE (organization_id, key, category)
                )
                """,
            ]
        )
    ]
}
