package import Database

package enum TokenSchema {
    package static let migrations = [
        Migration(
            id: "identity/004-personal-token",
            [
                """
                CREATE TABLE pat (
                    id TEXT PRIMARY KEY,
                    user_id TEXT NOT NULL REFERENCES local_user (id),
                    description TEXT NOT NULL,
                    days BIGINT NOT NULL,
                    expires_date BIGINT,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX pat_user ON pat (user_id)",
            ]
        )
    ]
}
