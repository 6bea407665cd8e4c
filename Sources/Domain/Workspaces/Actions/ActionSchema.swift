package import Database

package enum ActionSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/024-action",
            [
                """
                CREATE TABLE action (
                    id TEXT PRIMARY KEY,
                    type TEXT NOT NULL,
                    action TEXT NOT NULL,
                    display_criteria TEXT NOT NULL,
                    name TEXT NOT NULL,
                    label TEXT NOT NULL,
                    category TEXT NOT NULL,
                    description TEXT,
                    version TEXT NOT NULL,
                    active BOOLEAN NOT NULL,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL
                )
                """
            ] + DefaultActions.statements
        )
    ]
}
