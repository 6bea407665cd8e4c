import Foundation

/// How a callback ended, for the person in front of the browser.
enum CallbackOutcome: Sendable, Equatable {
    /// - Parameter redirectURL: Where the browser goes on to, if it shall.
    case connected(redirectURL: String?)
    case failed(Failure)

    /// Why a connection was not made.
    enum Failure: Sendable, Equatable {
        case unknown
        /// Nobody authorizes connections of this type.
        case notOAuth
        case denied
        case missingCode
        /// The state is not one that this browser began with.
        case foreignState
        case alreadyConnected
        /// The time in which addresses without a state are taken is over.
        case windowClosed
        /// The provider gave no token; the text says why.
        case provider(String)

        var status: Int {
            switch self {
            case .unknown: 404
            case .notOAuth, .denied, .missingCode, .foreignState: 400
            case .alreadyConnected, .windowClosed: 409
            case .provider: 502
            }
        }

        /// What a page that the browser returns to is told, as `vcs_error`.
        var code: String {
            switch self {
            case .unknown: "unknown_connection"
            case .notOAuth: "not_oauth"
            case .denied: "access_denied"
            case .missingCode: "missing_code"
            case .foreignState: "invalid_state"
            case .alreadyConnected: "already_connected"
            case .windowClosed: "window_closed"
            case .provider: "provider_refused"
            }
        }

        /// Never holds anything that the request brought.
        var reason: String {
            switch self {
            case .unknown: "there is no such connection."
            case .notOAuth: "a connection of this type needs no authorization."
            case .denied: "the provider says that access was denied."
            case .missingCode: "the provider sent no code."
            case .foreignState: "this authorization was not begun in this browser, is too old, or was used already. Begin again."
            case .alreadyConnected: "it is connected already. To connect it anew, begin with Connect in its settings."
            case .windowClosed:
                "the time to authorize it by hand is over. Begin with Connect in its settings, or save its client secret again."
            case .provider(let reason): reason
            }
        }
    }
}
