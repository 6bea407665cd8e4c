import Database
import Foundation
import Service

/// The device flow: a program without a browser shows a code, and its user types it into a page. Source: RFC 8628.
extension SingleSignOnService {
    /// - Throws: `OAuthError`.
    func beginDevice(client: SignOnClient, scope: SignOnScope) async throws -> DeviceCodes {
        guard client.usesDevices else { throw OAuthError(.unauthorizedClient, "This client may not use device codes.") }
        let (secret, userCode, now) = (SignOnSecret(), UserCode(), time.now())
        let device = DeviceAuthorization(
            hash: secret.hash,
            userCodeHash: userCode.hash,
            client: client.id,
            scope: scope,
            expiresDate: now.addingTimeInterval(DeviceAuthorization.lifetime)
        )
        try await database.write { try DeviceStore($0).insert(device, now: now) }
        return DeviceCodes(
            deviceCode: secret.text,
            userCode: userCode,
            expiresIn: DeviceAuthorization.lifetime,
            interval: DeviceAuthorization.pollInterval
        )
    }

    /// The client that waits for a decision about a code, or nil.
    package func client(waitingFor code: UserCode) async throws -> SignOnClient? {
        let now = time.now()
        let device = try await database.read { try DeviceStore($0).find(userCodeHash: code.hash) }
        guard let device, device.status == .pending, device.expiresDate > now else { return nil }
        return SignOnClient.find(device.client)
    }

    /// - Returns: Whether there was something to decide.
    package func decide(_ code: UserCode, isAllowed: Bool, as user: User) async throws -> Bool {
        let now = time.now()
        return try await database.write { transaction in
            let store = DeviceStore(transaction)
            guard var device = try store.find(userCodeHash: code.hash), device.status == .pending, device.expiresDate > now else {
                return false
            }
            device.status = isAllowed ? .approved : .denied
            device.userID = user.id
            try store.update(device)
            return true
        }
    }

    /// Asks on behalf of a device whether its user has decided.
    ///
    /// - Throws: `OAuthError`.
    func redeem(deviceCode: String, client: SignOnClient) async throws -> SignOnAnswer {
        let hash = SignOnSecret(presented: deviceCode).hash
        let now = time.now()
        let offer = Offer(id: ids.next(), refreshToken: SignOnSecret(), now: now)
        let outcome = try await database.write { transaction -> Result<Product, OAuthError> in
            let store = DeviceStore(transaction)
            guard var device = try store.find(hash: hash), device.client == client.id else {
                return .failure(.invalidGrant("device code"))
            }
            if device.status == .used {
                if let grant = device.grantID { try SignOnGrantStore(transaction).revoke(id: grant) }
                return .failure(.invalidGrant("device code"))
            }
            guard device.expiresDate > now else { return .failure(OAuthError(.expiredToken, "The device code has expired.")) }
            switch device.status {
            case .denied, .used:
                return .failure(.denied)
            case .pending:
                let isHasty = device.polledDate.map { now.timeIntervalSince($0) < Double(device.pollSeconds) } ?? false
                if isHasty { device.pollSeconds += DeviceAuthorization.pollInterval }
                device.polledDate = now
                try store.update(device)
                let pending = OAuthError(.authorizationPending, "The user has not decided yet.")
                return .failure(isHasty ? OAuthError(.slowDown, "Ask every \(device.pollSeconds) seconds.") : pending)
            case .approved:
                guard let user = try device.userID.flatMap(UserStore(transaction).findEnabled) else { return .failure(.denied) }
                device.status = .used
                device.grantID = offer.id
                try store.update(device)
                return .success(try offer.accept(client: client, scope: device.scope, user: user, nonce: nil, in: transaction))
            }
        }
        return try await answer(try outcome.get(), now: now)
    }
}
