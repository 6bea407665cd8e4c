import Foundation
import Testing

@testable import Workspaces

struct RenewalDecisionTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func connection(
        access: String? = "token",
        refresh: String? = "refresh",
        rest: TimeInterval? = 7200,
        age: TimeInterval = 10,
        claimed: TimeInterval? = nil,
        retry: TimeInterval? = nil,
        status: VCSStatus = .completed
    ) -> VCSConnection {
        VCSConnection(
            id: "id",
            organizationID: "organization",
            name: "ours",
            type: .bitbucket,
            usesOAuth: true,
            clientID: "client",
            clientSecret: "secret",
            callback: nil,
            redirectURL: nil,
            endpoints: VCSEndpoints(type: .bitbucket, endpoint: nil, apiURL: nil),
            status: status,
            lastError: nil,
            epoch: 0,
            tokens: VCSConnection.TokenState(
                accessToken: access,
                refreshToken: refresh,
                expiration: rest.map(Self.now.addingTimeInterval),
                obtained: Self.now.addingTimeInterval(-age),
                claimedUntil: claimed.map(Self.now.addingTimeInterval),
                retryDate: retry.map(Self.now.addingTimeInterval)
            ),
            manualWindowFrom: nil
        )
    }

    private func decide(_ connection: VCSConnection, refused: String? = nil, maximumAge: TimeInterval? = nil) -> RenewalDecision {
        RenewalDecision(for: connection, refused: refused, maximumAge: maximumAge, now: Self.now)
    }

    @Test("a token that lasts is used; one that ends soon is renewed")
    func lifetime() {
        #expect(decide(connection()) == .use("token"))
        #expect(decide(connection(rest: nil)) == .use("token"))
        #expect(decide(connection(rest: 599, age: 6601)) == .renew)
        #expect(decide(connection(rest: -1, age: 7201)) == .renew)
        // A token with a short life is not renewed all the time.
        #expect(decide(connection(rest: 100, age: 20)) == .use("token"))
        #expect(decide(connection(rest: 29, age: 91)) == .renew)
    }

    @Test("without a way to renew, a token is used to its end")
    func noRenewal() {
        #expect(decide(connection(refresh: nil, rest: 60, age: 7140)) == .use("token"))
        #expect(decide(connection(refresh: nil, rest: 0, age: 7200)) == .fail)
        #expect(decide(connection(access: nil, refresh: nil)) == .fail)
        #expect(decide(connection(rest: 60, age: 7140, status: .error)) == .use("token"))
        #expect(decide(connection(rest: 0, age: 7200, status: .error)) == .fail)
    }

    @Test("while somebody renews, the old token is used or the new one waited for")
    func waiting() {
        #expect(decide(connection(rest: 60, age: 7140, claimed: 50)) == .use("token"))
        #expect(decide(connection(rest: 0, age: 7200, claimed: 50)) == .wait(until: Self.now.addingTimeInterval(50)))
        #expect(decide(connection(rest: 0, age: 7200, claimed: 0)) == .renew)
    }

    @Test("after a failure nobody asks before its time")
    func backoff() {
        #expect(decide(connection(rest: 0, age: 7200, retry: 10)) == .fail)
        #expect(decide(connection(rest: 60, age: 7140, retry: 10)) == .use("token"))
        #expect(decide(connection(rest: 0, age: 7200, retry: 0)) == .renew)
        let pauses = (0..<9).map { RenewalDecision.retryDate(failures: $0, retryAfter: nil, now: Self.now).timeIntervalSince(Self.now) }
        #expect(pauses == [30, 60, 120, 240, 480, 960, 1800, 1800, 1800])
        #expect(RenewalDecision.retryDate(failures: 0, retryAfter: 90, now: Self.now) == Self.now.addingTimeInterval(90))
    }

    @Test("a token that was refused, or is too old, is renewed although it lasts")
    func forced() {
        #expect(decide(connection(), refused: "token") == .renew)
        #expect(decide(connection(), refused: "another") == .use("token"))
        #expect(decide(connection(refresh: nil, rest: nil), refused: "token") == .fail)
        #expect(decide(connection(age: 100), maximumAge: 99) == .renew)
        #expect(decide(connection(age: 100), maximumAge: 101) == .use("token"))
    }
}
