package import Database

package enum TemplateSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/001-template",
            [
                """
                CREATE TABLE template (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    name TEXT,
                    description TEXT,
                    version TEXT,
                    tcl TEXT,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX template_organization ON template (organization_id)",
            ]
        )
    ]
}
