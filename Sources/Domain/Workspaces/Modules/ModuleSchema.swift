package import Database

package enum ModuleSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/020-module",
            [
                """
                CREATE TABLE module (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    vcs_id TEXT REFERENCES vcs (id),
                    ssh_id TEXT REFERENCES ssh (id),
                    name TEXT NOT NULL,
                    description TEXT,
                    provider TEXT NOT NULL,
                    source TEXT NOT NULL,
                    tag_prefix TEXT,
                    folder TEXT,
                    download_quantity BIGINT NOT NULL DEFAULT 0,
                    latest_version TEXT,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL,
                    UNIQUE (organization_id, name, provider)
                )
                """,
                "CREATE INDEX module_vcs ON module (vcs_id)",
                "CREATE INDEX module_ssh ON module (ssh_id)",
                """
                CREATE TABLE module_version (
                    id TEXT PRIMARY KEY,
                    module_id TEXT NOT NULL REFERENCES module (id) ON DELETE CASCADE,
                    version TEXT NOT NULL,
                    "commit" TEXT NOT NULL,
                    git_tag TEXT,
                    UNIQUE (module_id, version)
                )
                """,
            ]
        )
    ]
}
