package import Database

package enum SingleSignOnSchema {
    /// Secrets are stored as hashes only. What a code or a device code was good for is kept beside it (`grant_id`), so
    /// that a second use can take it back.
    package static let migrations = [
        Migration(
            id: "identity/030-single-sign-on",
            [
                """
                CREATE TABLE oidc_signing_key (
                    id TEXT PRIMARY KEY,
                    public_key TEXT NOT NULL,
                    private_key TEXT NOT NULL,
                    created_date BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE oidc_grant (
                    id TEXT PRIMARY KEY,
                    user_id TEXT NOT NULL REFERENCES local_user (id),
                    client TEXT NOT NULL,
                    scope TEXT NOT NULL,
                    created_date BIGINT NOT NULL,
                    expires_date BIGINT NOT NULL
                )
                """,
                "CREATE INDEX oidc_grant_user ON oidc_grant (user_id)",
                """
                CREATE TABLE oidc_refresh_token (
                    hash TEXT PRIMARY KEY,
                    grant_id TEXT NOT NULL REFERENCES oidc_grant (id) ON DELETE CASCADE,
                    used BOOLEAN NOT NULL DEFAULT FALSE,
                    expires_date BIGINT NOT NULL
                )
                """,
                "CREATE INDEX oidc_refresh_token_grant ON oidc_refresh_token (grant_id)",
                """
                CREATE TABLE oidc_code (
                    hash TEXT PRIMARY KEY,
                    user_id TEXT NOT NULL REFERENCES local_user (id),
                    client TEXT NOT NULL,
                    redirect_uri TEXT NOT NULL,
                    challenge TEXT NOT NULL,
                    scope TEXT NOT NULL,
                    nonce TEXT,
                    used BOOLEAN NOT NULL DEFAULT FALSE,
                    grant_id TEXT,
                    expires_date BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE oidc_device (
                    hash TEXT PRIMARY KEY,
                    user_code_hash TEXT NOT NULL UNIQUE,
                    client TEXT NOT NULL,
                    scope TEXT NOT NULL,
                    status TEXT NOT NULL,
                    user_id TEXT REFERENCES local_user (id),
                    grant_id TEXT,
                    poll_seconds BIGINT NOT NULL,
                    polled_date BIGINT,
                    expires_date BIGINT NOT NULL
                )
                """,
            ]
        )
    ]
}
