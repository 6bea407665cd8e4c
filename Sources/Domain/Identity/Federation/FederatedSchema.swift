package import Database

package enum FederatedSchema {
    package static let migrations = [
        Migration(
            id: "identity/020-federated",
            [
                """
                CREATE TABLE federated (
                    id TEXT PRIMARY KEY,
                    name TEXT NOT NULL,
                    issuer_url TEXT NOT NULL,
                    audience TEXT NOT NULL,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL,
                    UNIQUE (issuer_url, audience)
                )
                """,
                """
                CREATE TABLE federated_claim (
                    id TEXT PRIMARY KEY,
                    federated_id TEXT NOT NULL REFERENCES federated (id) ON DELETE CASCADE,
                    claim_key TEXT NOT NULL,
                    claim_value TEXT NOT NULL,
                    created_date BIGINT NOT NULL,
                    created_by TEXT NOT NULL,
                    updated_date BIGINT NOT NULL,
                    updated_by TEXT NOT NULL,
                    UNIQUE (federated_id, claim_key, claim_value)
                )
                """,
            ]
        )
    ]
}
