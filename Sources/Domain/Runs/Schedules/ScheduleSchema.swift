package import Database

package enum ScheduleSchema {
    package static let migrations = [
        Migration(
            id: "schedules/001-schedule",
            [
                """
                CREATE TABLE schedule (
                    id TEXT PRIMARY KEY,
                    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                    cron TEXT NOT NULL,
                    template_reference TEXT,
                    tcl TEXT,
                    description TEXT,
                    enabled BOOLEAN NOT NULL DEFAULT TRUE,
                    next_fire BIGINT,
                    last_fire BIGINT,
                    last_result TEXT,
                    last_job_id BIGINT,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX schedule_workspace ON schedule (workspace_id)",
                "CREATE INDEX schedule_next_fire ON schedule (next_fire) WHERE next_fire IS NOT NULL",
            ]
        )
    ]
}
