package import Database

package enum CollectionSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/013-collection",
            [
                """
                CREATE TABLE collection (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    name TEXT NOT NULL,
                    description TEXT,
                    priority BIGINT NOT NULL,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL,
                    UNIQUE (organization_id, name)
                )
                """,
                """
                CREATE TABLE item (
                    id TEXT PRIMARY KEY,
                    collection_id TEXT NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
                    key TEXT NOT NULL,
                    value TEXT NOT NULL,
                    description TEXT,
                    category TEXT NOT NULL,
                    sensitive BOOLEAN NOT NULL DEFAULT FALSE,
                    hcl BOOLEAN NOT NULL DEFAULT FALSE,
                    UNIQUE (collection_id, key, category)
                )
                """,
                """
                CREATE TABLE reference (
                    id TEXT PRIMARY KEY,
                    collection_id TEXT NOT NULL REFERENCES collection (id),
                    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                    description TEXT,
                    UNIQUE (workspace_id, collection_id)
                )
                """,
                "CREATE INDEX reference_collection ON reference (collection_id)",
            ]
        )
    ]
}
