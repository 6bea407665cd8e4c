package import Database

package enum StateSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/007-state",
            [
                """
                CREATE TABLE history (
                    id TEXT PRIMARY KEY,
                    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                    job_reference TEXT,
                    output TEXT,
                    serial BIGINT NOT NULL,
                    md5 TEXT NOT NULL,
                    lineage TEXT NOT NULL,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL,
                    UNIQUE (workspace_id, serial)
                )
                """,
                """
                CREATE TABLE state_lock (
                    workspace_id TEXT PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
                    lock_id TEXT NOT NULL,
                    info TEXT NOT NULL,
                    job_id BIGINT,
                    created_date BIGINT NOT NULL
                )
                """,
            ]
        ),
        Migration(
            id: "states/001-storage-organization",
            [
                "ALTER TABLE history ADD COLUMN storage_organization_id TEXT",
                """
                UPDATE history SET storage_organization_id =
                    (SELECT organization_id FROM workspace WHERE workspace.id = history.workspace_id)
                """,
            ]
        ),
    ]
}
