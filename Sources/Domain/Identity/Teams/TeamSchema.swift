package import Database

package enum TeamSchema {
    package static let migrations = [
        Migration(
            id: "identity/002-team",
            [
                """
                CREATE TABLE team (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    name TEXT NOT NULL,
                    role TEXT NOT NULL DEFAULT 'custom',
                    manage_state BOOLEAN NOT NULL DEFAULT FALSE,
                    manage_collection BOOLEAN NOT NULL DEFAULT FALSE,
                    manage_job BOOLEAN NOT NULL DEFAULT FALSE,
                    manage_workspace BOOLEAN NOT NULL DEFAULT FALSE,
                    manage_module BOOLEAN NOT NULL DEFAULT FALSE,
                    manage_provider BOOLEAN NOT NULL DEFAULT FALSE,
                    manage_vcs BOOLEAN NOT NULL DEFAULT FALSE,
                    manage_template BOOLEAN NOT NULL DEFAULT FALSE,
                    plan_job BOOLEAN NOT NULL DEFAULT FALSE,
                    approve_job BOOLEAN NOT NULL DEFAULT FALSE,
                    UNIQUE (organization_id, name)
                )
                """,
                "CREATE INDEX team_name ON team (name, organization_id)",
            ]
        )
    ]
}
