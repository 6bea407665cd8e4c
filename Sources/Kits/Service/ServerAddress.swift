import Synchronization

/// Where the server can be reached. Port 0 lets the system choose, so the addresses are known only once it listens;
/// whoever writes a URL asks here at that moment.
package final class ServerAddress: Sendable {
    private struct State {
        var publicURL: String
        var internalURL: String
    }

    private let state: Mutex<State>
    private let hasConfiguredPublicURL: Bool

    /// - Parameter publicURL: What the operator configured, without a trailing slash; nil takes the listener's own.
    package init(publicURL: String?) {
        hasConfiguredPublicURL = publicURL != nil
        state = Mutex(State(publicURL: publicURL ?? "", internalURL: ""))
    }

    /// What clients use.
    package var publicURL: String {
        state.withLock { $0.publicURL }
    }

    /// What processes on this machine use: the runs of jobs.
    package var internalURL: String {
        state.withLock { $0.internalURL }
    }

    package func isListening(at listenerURL: String) {
        state.withLock { state in
            state.internalURL = listenerURL
            if hasConfiguredPublicURL == false { state.publicURL = listenerURL }
        }
    }
}
