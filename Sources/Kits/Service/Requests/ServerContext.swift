package import Hummingbird
import Logging

/// What travels with each request through the middlewares and the routes.
package struct ServerContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Set by the authenticator; nil means that nobody has signed in.
    package var principal: Principal?
    /// The browser session that the principal came from, if it did; forms must then carry its CSRF token.
    package var session: SessionReference?

    /// Where the request came from: the client, or the proxy in front of us.
    package let remoteAddress: String?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress
    }

    /// Bodies are read whole only by routes that say so; this bounds what `decode` may read.
    package var maxUploadSize: Int { 4 * 1024 * 1024 }
}

/// A browser session, as a request sees it.
package struct SessionReference: Sendable, Hashable {
    package let id: String
    /// What forms of this session must send back as `csrf`.
    package let csrfToken: String

    package init(id: String, csrfToken: String) {
        self.id = id
        self.csrfToken = csrfToken
    }
}
