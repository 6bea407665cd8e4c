import Database
import Foundation

/// The rows of devices.
struct DeviceStore {
    let connection: any SQLConnection

    init(_ connection: any SQLConnection) {
        self.connection = connection
    }

    func insert(_ device: DeviceAuthorization, now: Date) throws {
        try connection.execute("DELETE FROM oidc_device WHERE expires_date <= \(now.addingTimeInterval(-86_400))")
        try connection.execute(
            """
            INSERT INTO oidc_device (hash, user_code_hash, client, scope, status, poll_seconds, expires_date)
            VALUES (\(device.hash), \(device.userCodeHash), \(device.client), \(device.scope.text), \(device.status), \(device.pollSeconds),
                \(device.expiresDate))
            """
        )
    }

    func find(hash: String) throws -> DeviceAuthorization? {
        try connection.row("SELECT * FROM oidc_device WHERE hash = \(hash)").map(device)
    }

    func find(userCodeHash: String) throws -> DeviceAuthorization? {
        try connection.row("SELECT * FROM oidc_device WHERE user_code_hash = \(userCodeHash)").map(device)
    }

    /// Writes what may change.
    func update(_ device: DeviceAuthorization) throws {
        try connection.execute(
            """
            UPDATE oidc_device SET status = \(device.status), user_id = \(device.userID), grant_id = \(device.grantID),
                poll_seconds = \(device.pollSeconds), polled_date = \(device.polledDate)
            WHERE hash = \(device.hash)
            """
        )
    }

    private func device(_ row: SQLRow) throws -> DeviceAuthorization {
        DeviceAuthorization(
            hash: try row.get("hash"),
            userCodeHash: try row.get("user_code_hash"),
            client: try row.get("client"),
            scope: SignOnScope(try row.get("scope", as: String.self)),
            expiresDate: try row.get("expires_date"),
            status: try row.get("status"),
            userID: try row.find("user_id"),
            grantID: try row.find("grant_id"),
            pollSeconds: try row.get("poll_seconds"),
            polledDate: try row.find("polled_date")
        )
    }
}
