package import Database

package enum ContextSchema {
    package static let migrations = [
        Migration(id: "contexts/001-context") { dialect in
            [
                """
                CREATE TABLE job_context (
                    job_id BIGINT PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
                    version BIGINT NOT NULL,
                    envelope \(dialect.blobColumn) NOT NULL,
                    updated_date BIGINT NOT NULL
                )
                """
            ]
        }
    ]
}
