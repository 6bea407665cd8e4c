package import Database

package enum UserSchema {
    package static let migrations = [
        Migration(
            id: "identity/003-user",
            [
                """
                CREATE TABLE local_user (
                    id TEXT PRIMARY KEY,
                    username TEXT NOT NULL UNIQUE,
                    email TEXT NOT NULL,
                    password_hash TEXT NOT NULL,
                    groups TEXT NOT NULL,
                    disabled BOOLEAN NOT NULL DEFAULT FALSE,
                    created_date BIGINT NOT NULL
                )
                """
            ]
        )
    ]
}
