package import Hummingbird
import JSONAPI
package import Service

/// `/dex/userinfo`: who the caller is. Source: OpenID Connect Core §5.3.
package struct UserInfoRoutes: Sendable {
    private struct Item: Encodable {
        let sub: String
        let email: String
        let emailVerified = true
        let name: String
        let groups: [String]

        enum CodingKeys: String, CodingKey {
            case sub, email, name, groups
            case emailVerified = "email_verified"
        }
    }

    private let users: UserService

    package init(users: UserService) {
        self.users = users
    }

    /// - Parameter router: Has let the authenticator look at the request.
    package func register(on router: some RouterMethods<ServerContext>) {
        router.group("dex/userinfo")
            .get(use: show)
            .post(use: show)
    }

    @Sendable
    private func show(request: Request, context: ServerContext) async throws -> Response {
        guard let user = try await users.user(of: try context.requirePrincipal()) else {
            throw APIError.forbidden("The token stands for no person.")
        }
        var response = try Response.json(
            Item(sub: user.id, email: user.email, name: user.username, groups: user.groups.sorted())
        )
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
