package import Database

package enum TeamTokenSchema {
    package static let migrations = [
        Migration(
            id: "identity/007-team-token",
            [
                """
                CREATE TABLE team_token (
                    id TEXT PRIMARY KEY,
                    group_name TEXT NOT NULL,
                    description TEXT NOT NULL,
                    days BIGINT NOT NULL,
                    hours BIGINT NOT NULL,
                    minutes BIGINT NOT NULL,
                    expires_date BIGINT,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL
                )
                """,
                "CREATE INDEX team_token_group ON team_token (group_name)",
            ]
        )
    ]
}
