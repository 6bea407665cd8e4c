import Foundation

/// What to do with the tokens of a connection when somebody needs the access token.
enum RenewalDecision: Equatable {
    case use(String)
    case renew
    /// Somebody else renews them, until then.
    case wait(until: Date)
    /// There is no token that would be of use.
    case fail

    /// A token that lasts shorter is not handed out: it has to survive the way to the provider.
    private static let leeway: TimeInterval = 30
    /// A token is renewed when it lasts shorter, but for those whose whole life is short.
    private static let margin: TimeInterval = 600

    /// - Parameters:
    ///   - refused: An access token that the provider did not take.
    ///   - maximumAge: Tokens that are older, in seconds, are renewed even so: a refresh token that nobody uses dies.
    init(for connection: VCSConnection, refused: String? = nil, maximumAge: TimeInterval? = nil, now: Date) {
        let tokens = connection.tokens
        let rest = tokens.expiration?.timeIntervalSince(now) ?? .infinity
        let usable = rest > Self.leeway && tokens.accessToken != refused ? tokens.accessToken : nil
        let age = tokens.obtained.map(now.timeIntervalSince) ?? 0
        if let usable, rest > Self.margin(of: tokens), age < maximumAge ?? .infinity {
            self = .use(usable)
        } else if tokens.refreshToken == nil || connection.status == .error || (tokens.retryDate ?? now) > now {
            self = usable.map(Self.use) ?? .fail
        } else if let claimed = tokens.claimedUntil, claimed > now {
            self = usable.map(Self.use) ?? .wait(until: claimed)
        } else {
            self = .renew
        }
    }

    private static func margin(of tokens: VCSConnection.TokenState) -> TimeInterval {
        guard let obtained = tokens.obtained, let expiration = tokens.expiration else { return margin }
        return min(margin, expiration.timeIntervalSince(obtained) / 4)
    }

    /// When a renewal that failed may be tried again.
    ///
    /// - Parameters:
    ///   - failures: How many failed before it.
    ///   - retryAfter: What the provider asked for, in seconds.
    static func retryDate(failures: Int, retryAfter: TimeInterval?, now: Date) -> Date {
        let pause = min(30 * pow(2, Double(min(failures, 10))), 1800)
        return now.addingTimeInterval(max(pause, retryAfter ?? 0))
    }
}
