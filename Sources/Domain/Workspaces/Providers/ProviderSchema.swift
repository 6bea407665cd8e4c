package import Database

package enum ProviderSchema {
    package static let migrations = [
        Migration(
            id: "workspaces/021-provider",
            [
                """
                CREATE TABLE provider (
                    id TEXT PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    name TEXT NOT NULL,
                    description TEXT,
                    imported BOOLEAN NOT NULL DEFAULT FALSE,
                    registry_namespace TEXT,
                    UNIQUE (organization_id, name)
                )
                """,
                """
                CREATE TABLE version (
                    id TEXT PRIMARY KEY,
                    provider_id TEXT NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
                    version_number TEXT NOT NULL,
                    protocols TEXT NOT NULL,
                    UNIQUE (provider_id, version_number)
                )
                """,
                """
                CREATE TABLE implementation (
                    id TEXT PRIMARY KEY,
                    version_id TEXT NOT NULL REFERENCES version (id) ON DELETE CASCADE,
                    os TEXT NOT NULL,
                    arch TEXT NOT NULL,
                    filename TEXT NOT NULL,
                    download_url TEXT NOT NULL,
                    shasums_url TEXT NOT NULL,
                    shasums_signature_url TEXT NOT NULL,
                    shasum TEXT NOT NULL,
                    key_id TEXT NOT NULL,
                    ascii_armor TEXT,
                    trust_signature TEXT NOT NULL,
                    source TEXT NOT NULL,
                    source_url TEXT NOT NULL,
                    UNIQUE (version_id, os, arch)
                )
                """,
            ]
        )
    ]
}
