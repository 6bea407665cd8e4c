package import Database

package enum GitHubAppTokenSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/022-github-app-token",
            [
                """
                CREATE TABLE github_app_token (
                    id TEXT PRIMARY KEY,
                    owner TEXT NOT NULL,
                    app_id TEXT NOT NULL,
                    installation_id TEXT NOT NULL,
                    token TEXT,
                    expires_at BIGINT,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL,
                    UNIQUE (owner, app_id)
                )
                """
            ]
        )
    ]
}
