package import Database

package enum SessionSchema {
    package static let migrations = [
        Migration(
            id: "identity/005-session",
            [
                """
                CREATE TABLE browser_session (
                    id TEXT PRIMARY KEY,
                    user_id TEXT NOT NULL REFERENCES local_user (id),
                    created_date BIGINT NOT NULL,
                    expires_date BIGINT NOT NULL
                )
                """,
                "CREATE INDEX browser_session_user ON browser_session (user_id)",
            ]
        )
    ]
}
