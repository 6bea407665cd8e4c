package import Database

package enum AccessSchema {
    /// Teams, access to projects and access to workspaces in one table, so that the question who may do what reads
    /// one table. It takes the place of `team`.
    package static let migrations = [
        Migration(
            id: "workspaces/011-team-access",
            [
                """
                CREATE TABLE team_access (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    project_id TEXT REFERENCES project (id) ON DELETE CASCADE,
                    workspace_id TEXT REFERENCES workspace (id) ON DELETE CASCADE,
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
                    CHECK (project_id IS NULL OR workspace_id IS NULL)
                )
                """,
                """
                INSERT INTO team_access (id, organization_id, name, role, manage_state, manage_collection, manage_job,
                    manage_workspace, manage_module, manage_provider, manage_vcs, manage_template, plan_job, approve_job)
                SELECT id, organization_id, name, role, manage_state, manage_collection, manage_job,
                    manage_workspace, manage_module, manage_provider, manage_vcs, manage_template, plan_job, approve_job
                FROM team
                """,
                "DROP TABLE team",
                """
                CREATE UNIQUE INDEX team_access_subject
                ON team_access (organization_id, COALESCE(project_id, ''), COALESCE(workspace_id, ''), name)
                """,
                "CREATE INDEX team_access_name ON team_access (name, organization_id)",
                "CREATE INDEX team_access_project ON team_access (project_id)",
                "CREATE INDEX team_access_workspace ON team_access (workspace_id)",
            ]
        )
    ]
}
