package import Database

package enum WorkspaceSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/004-workspace",
            [
                """
                CREATE TABLE workspace (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    vcs_id TEXT REFERENCES vcs (id),
                    ssh_id TEXT REFERENCES ssh (id),
                    name TEXT NOT NULL,
                    description TEXT,
                    source TEXT NOT NULL,
                    branch TEXT NOT NULL,
                    folder TEXT NOT NULL DEFAULT '/',
                    terraform_version TEXT NOT NULL,
                    iac_type TEXT NOT NULL DEFAULT 'terraform',
                    execution_mode TEXT NOT NULL,
                    default_template TEXT,
                    module_ssh_key TEXT,
                    allow_remote_apply BOOLEAN NOT NULL DEFAULT FALSE,
                    global_remote_state BOOLEAN NOT NULL DEFAULT TRUE,
                    shared_ids TEXT,
                    locked BOOLEAN NOT NULL DEFAULT FALSE,
                    lock_description TEXT,
                    deleted BOOLEAN NOT NULL DEFAULT FALSE,
                    last_job_status TEXT NOT NULL DEFAULT 'NeverExecuted',
                    last_job_date BIGINT,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL,
                    UNIQUE (organization_id, name)
                )
                """
            ]
        )
    ]
}
