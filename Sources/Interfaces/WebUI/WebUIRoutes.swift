package import Hummingbird
package import Identity
package import Runs
package import Service

/// The pages: rendered here, complete without scripts, live with them.
package struct WebUIRoutes: Sendable {
    /// Pages for addresses where nothing is; add it to the whole router, after the `ErrorMiddleware`, which would
    /// otherwise answer first.
    package let notFoundPages: NotFoundPages

    private let pages: PageRenderer
    private let signIn: SignInRoutes
    private let runs: RunRoutes
    private let decisions: RunDecisionRoutes
    private let authorization: AuthorizationPages
    private let devices: DevicePages

    /// - Throws: The template parser's error, for a template that is broken.
    package init(
        jobs: JobService,
        logs: LogService,
        users: UserService,
        sessions: SessionService,
        singleSignOn: SingleSignOnService,
        address: ServerAddress,
        time: TimeSource
    ) throws {
        pages = try PageRenderer(time: time)
        notFoundPages = NotFoundPages(pages: pages)
        signIn = SignInRoutes(pages: pages, users: users, sessions: sessions, address: address, time: time)
        runs = RunRoutes(pages: pages, jobs: jobs, logs: logs, address: address, time: time)
        decisions = RunDecisionRoutes(jobs: jobs, address: address)
        authorization = AuthorizationPages(pages: pages, signOn: singleSignOn, users: users, address: address)
        devices = DevicePages(pages: pages, signOn: singleSignOn, users: users, address: address, time: time)
    }

    /// - Parameter router: Has let the authenticator look at the request.
    package func register(on router: some RouterMethods<ServerContext>) {
        AssetRoutes(assets: pages.assets).register(on: router)
        let pages = router.group().add(middleware: PageMiddleware(pages: pages))
        signIn.register(on: pages)
        runs.register(on: pages)
        decisions.register(on: pages)
        authorization.register(on: pages)
        devices.register(on: pages)
    }
}
