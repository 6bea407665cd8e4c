package import Database

package enum VCSSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/002-vcs",
            [
                """
                CREATE TABLE vcs (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    name TEXT NOT NULL,
                    description TEXT NOT NULL,
                    vcs_type TEXT NOT NULL,
                    connection_type TEXT NOT NULL,
                    client_id TEXT,
                    client_secret TEXT,
                    private_key TEXT,
                    access_token TEXT,
                    callback TEXT,
                    endpoint TEXT,
                    api_url TEXT,
                    redirect_url TEXT,
                    status TEXT NOT NULL,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX vcs_organization ON vcs (organization_id)",
            ]
        )
    ]

    /// What a connection by OAuth needs to live on. Applied after the tables of other rooms.
    package static let connectionMigrations = [
        Migration(
            id: "workspaces/025-vcs-oauth",
            [
                "ALTER TABLE vcs ADD COLUMN refresh_token TEXT",
                "ALTER TABLE vcs ADD COLUMN token_expiration BIGINT",
                "ALTER TABLE vcs ADD COLUMN token_obtained_date BIGINT",
                "ALTER TABLE vcs ADD COLUMN granted_scopes TEXT",
                "ALTER TABLE vcs ADD COLUMN connected_as TEXT",
                "ALTER TABLE vcs ADD COLUMN last_error TEXT",
                // Counts every change of who the client is or which tokens it has: whoever asked a provider for tokens
                // in between throws them away.
                "ALTER TABLE vcs ADD COLUMN connection_epoch BIGINT NOT NULL DEFAULT 0",
                // From when on a callback without a state is taken, for a time.
                "ALTER TABLE vcs ADD COLUMN manual_window_from BIGINT",
                // Who renews the tokens now, and until when nobody else may.
                "ALTER TABLE vcs ADD COLUMN renewal_claim TEXT",
                "ALTER TABLE vcs ADD COLUMN renewal_claim_until BIGINT",
                "ALTER TABLE vcs ADD COLUMN renewal_failures BIGINT NOT NULL DEFAULT 0",
                "ALTER TABLE vcs ADD COLUMN renewal_retry_date BIGINT",
                "CREATE INDEX vcs_callback ON vcs (callback)",
                """
                CREATE TABLE vcs_connect_attempt (
                    state_digest TEXT PRIMARY KEY,
                    vcs_id TEXT NOT NULL REFERENCES vcs (id) ON DELETE CASCADE,
                    browser_digest TEXT NOT NULL,
                    verifier TEXT,
                    created_by TEXT NOT NULL,
                    expires_date BIGINT NOT NULL
                )
                """,
                "CREATE INDEX vcs_connect_attempt_vcs ON vcs_connect_attempt (vcs_id)",
                "CREATE INDEX workspace_vcs ON workspace (vcs_id)",
            ]
        )
    ]
}
