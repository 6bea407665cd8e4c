package import Database

package enum TagSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/006-tag",
            [
                """
                CREATE TABLE tag (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    name TEXT NOT NULL,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL,
                    UNIQUE (organization_id, name)
                )
                """,
                """
                CREATE TABLE workspacetag (
                    id TEXT PRIMARY KEY,
                    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                    tag_id TEXT NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL,
                    UNIQUE (workspace_id, tag_id)
                )
                """,
            ]
        )
    ]
}
