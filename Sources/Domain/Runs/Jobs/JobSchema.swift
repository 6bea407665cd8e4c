package import Database

package enum JobSchema {
    package static let migrations = [
        Migration(id: "runs/001-job") { dialect in
            [
                """
                CREATE TABLE configuration_version (
                    id TEXT PRIMARY KEY,
                    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                    status TEXT NOT NULL,
                    digest TEXT,
                    speculative BOOLEAN NOT NULL DEFAULT FALSE,
                    auto_queue_runs BOOLEAN NOT NULL DEFAULT FALSE,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX configuration_version_workspace ON configuration_version (workspace_id, created_date)",
                """
                CREATE TABLE job (
                    id \(dialect.identityColumn),
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                    status TEXT NOT NULL,
                    output TEXT,
                    comments TEXT,
                    commit_id TEXT,
                    terraform_plan TEXT,
                    approval_team TEXT,
                    tcl TEXT NOT NULL,
                    template_reference TEXT,
                    override_source TEXT,
                    override_branch TEXT,
                    via TEXT NOT NULL,
                    refresh BOOLEAN NOT NULL DEFAULT TRUE,
                    refresh_only BOOLEAN NOT NULL DEFAULT FALSE,
                    plan_changes BOOLEAN NOT NULL DEFAULT TRUE,
                    auto_apply BOOLEAN NOT NULL DEFAULT FALSE,
                    pr_number BIGINT,
                    pr_comment_error TEXT,
                    target_addrs TEXT,
                    replace_addrs TEXT,
                    configuration_version_id TEXT REFERENCES configuration_version (id),
                    epoch BIGINT NOT NULL DEFAULT 0,
                    executor TEXT,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX job_workspace ON job (workspace_id, id)",
                "CREATE INDEX job_organization ON job (organization_id, id)",
                "CREATE INDEX job_status ON job (status, id)",
                "CREATE INDEX job_executor ON job (executor) WHERE executor IS NOT NULL",
                """
                CREATE TABLE step (
                    id TEXT PRIMARY KEY,
                    job_id BIGINT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
                    step_number BIGINT NOT NULL,
                    name TEXT,
                    status TEXT NOT NULL,
                    output TEXT,
                    message TEXT,
                    begin_date BIGINT,
                    end_date BIGINT,
                    has_plan BOOLEAN NOT NULL DEFAULT FALSE,
                    UNIQUE (job_id, step_number)
                )
                """,
                """
                CREATE TABLE address (
                    id TEXT PRIMARY KEY,
                    job_id BIGINT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
                    name TEXT NOT NULL,
                    type TEXT NOT NULL,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX address_job ON address (job_id)",
                """
                CREATE TABLE step_log (
                    step_id TEXT NOT NULL REFERENCES step (id) ON DELETE CASCADE,
                    start_offset BIGINT NOT NULL,
                    end_offset BIGINT NOT NULL,
                    bytes \(dialect.blobColumn) NOT NULL,
                    PRIMARY KEY (step_id, start_offset)
                )
                """,
            ]
        },
        Migration(
            id: "jobs/001-storage-organization",
            [
                "ALTER TABLE job ADD COLUMN storage_organization_id TEXT",
                "UPDATE job SET storage_organization_id = organization_id",
            ]
        ),
    ]
}
