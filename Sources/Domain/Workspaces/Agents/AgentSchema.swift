package import Database

package enum AgentSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/012-agent",
            [
                """
                CREATE TABLE agent (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    name TEXT NOT NULL,
                    url TEXT NOT NULL,
                    description TEXT,
                    UNIQUE (organization_id, name)
                )
                """,
                "ALTER TABLE workspace ADD COLUMN agent_id TEXT REFERENCES agent (id)",
            ]
        )
    ]
}
