package import Database

package enum NotificationSchema {
    package static let migrations = [
        Migration(
            id: "runs/020-notification",
            [
                """
                CREATE TABLE notification_configuration (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    workspace_id TEXT REFERENCES workspace (id) ON DELETE CASCADE,
                    name TEXT NOT NULL,
                    description TEXT,
                    channel_type TEXT NOT NULL,
                    destination_url TEXT NOT NULL,
                    signing_secret TEXT,
                    active BOOLEAN NOT NULL DEFAULT TRUE,
                    message_style TEXT NOT NULL DEFAULT 'DETAILED',
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX notification_configuration_organization ON notification_configuration (organization_id)",
                "CREATE INDEX notification_configuration_workspace ON notification_configuration (workspace_id)",
                """
                CREATE TABLE notification_trigger (
                    id TEXT PRIMARY KEY,
                    configuration_id TEXT NOT NULL REFERENCES notification_configuration (id) ON DELETE CASCADE,
                    job_status TEXT NOT NULL,
                    UNIQUE (configuration_id, job_status)
                )
                """,
                """
                CREATE TABLE notification_configuration_template (
                    configuration_id TEXT NOT NULL REFERENCES notification_configuration (id) ON DELETE CASCADE,
                    template_id TEXT NOT NULL REFERENCES template (id) ON DELETE CASCADE,
                    PRIMARY KEY (configuration_id, template_id)
                )
                """,
                "CREATE INDEX notification_configuration_template_template ON notification_configuration_template (template_id)",
            ]
        )
    ]
}
