package import Database

package enum ProjectSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/010-project",
            [
                """
                CREATE TABLE project (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    name TEXT NOT NULL,
                    description TEXT,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL,
                    UNIQUE (organization_id, name)
                )
                """,
                "ALTER TABLE workspace ADD COLUMN project_id TEXT REFERENCES project (id)",
                "CREATE INDEX workspace_project ON workspace (project_id)",
            ]
        )
    ]
}
