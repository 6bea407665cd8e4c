package import Database
package import Foundation
package import Hummingbird
package import Logging
package import Outgoing
package import Service

/// The connections' services, put together.
package struct VCSRoom: Sendable {
    /// What an operator decides about connections.
    package struct Settings: Sendable {
        /// How long a connection may be authorized by an address that somebody typed, in seconds; 0: never.
        package var manualWindow: TimeInterval
        /// Whether secrets may travel without TLS.
        package var allowsPlainHTTP: Bool
        /// Whether browsers reach the server by https.
        package var isSecure: Bool
        /// Where people sign in; takes the path to come back to as `next`.
        package var signInPath: String

        package init(manualWindow: TimeInterval, allowsPlainHTTP: Bool, isSecure: Bool, signInPath: String = "/login") {
            self.manualWindow = manualWindow
            self.allowsPlainHTTP = allowsPlainHTTP
            self.isSecure = isSecure
            self.signInPath = signInPath
        }
    }

    package let tokens: VCSTokenService
    package let sources: SourceAccessService
    private let callbacks: VCSCallbackRoutes
    private let connects: VCSConnectRoutes

    package init(
        database: any SQLDatabase,
        keyring: Keyring,
        client: OutgoingClient,
        address: ServerAddress,
        settings: Settings,
        time: TimeSource,
        ids: IDSource,
        logger: Logger
    ) {
        let exchange = TokenExchange(client: client, allowsPlainHTTP: settings.allowsPlainHTTP)
        let attempts = ConnectAttempts(database: database, keyring: keyring, time: time)
        tokens = VCSTokenService(
            database: database,
            keyring: keyring,
            exchange: exchange,
            address: address,
            time: time,
            ids: ids,
            logger: logger
        )
        sources = SourceAccessService(database: database, keyring: keyring, tokens: tokens, exchange: exchange)
        callbacks = VCSCallbackRoutes(
            callbacks: VCSCallbackService(
                database: database,
                keyring: keyring,
                exchange: exchange,
                attempts: attempts,
                address: address,
                manualWindow: settings.manualWindow,
                time: time,
                logger: logger
            ),
            isSecure: settings.isSecure
        )
        connects = VCSConnectRoutes(
            connects: VCSConnectService(database: database, keyring: keyring, attempts: attempts, address: address, time: time),
            isSecure: settings.isSecure,
            signInPath: settings.signInPath
        )
    }

    /// What providers send browsers to: nobody is signed in there.
    package func registerCallbacks(on router: some RouterMethods<ServerContext>) {
        callbacks.register(on: router)
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        connects.register(on: router)
    }
}
