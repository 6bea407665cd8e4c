package import Database

package enum WebhookSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/023-webhook",
            [
                """
                CREATE TABLE webhook (
                    id TEXT PRIMARY KEY,
                    workspace_id TEXT NOT NULL UNIQUE REFERENCES workspace (id) ON DELETE CASCADE,
                    remote_hook_id TEXT,
                    migrated_v2 BOOLEAN NOT NULL DEFAULT FALSE,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL
                )
                """,
                """
                CREATE TABLE webhook_event (
                    id TEXT PRIMARY KEY,
                    webhook_id TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
                    event TEXT NOT NULL,
                    branch TEXT NOT NULL,
                    path TEXT NOT NULL,
                    path_type TEXT NOT NULL DEFAULT 'REGEX',
                    template_id TEXT NOT NULL,
                    priority BIGINT NOT NULL DEFAULT 0,
                    pr_workflow_enabled BOOLEAN NOT NULL DEFAULT FALSE,
                    pr_apply_enabled BOOLEAN NOT NULL DEFAULT FALSE,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX webhook_event_webhook ON webhook_event (webhook_id, event, priority)",
            ]
        )
    ]
}
