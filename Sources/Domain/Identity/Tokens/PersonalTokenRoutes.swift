import Foundation
package import Hummingbird
import JSONAPI
package import Service

/// `/pat/v1`, with Terrakube's shapes and status codes (api.md §3.8).
package struct PersonalTokenRoutes: Sendable {
    private struct CreateBody: Decodable {
        let days: Int?
        let description: String?
    }

    private struct Item: Encodable {
        let id: String
        let days: Int
        let description: String
        let deleted = false
        let createdDate: Date
        let createdBy: String
        let updatedDate: Date
        let updatedBy: String

        init(_ token: PersonalToken) {
            id = token.id
            days = token.days
            description = token.description
            createdDate = token.createdDate
            createdBy = token.createdBy
            updatedDate = token.createdDate
            updatedBy = token.createdBy
        }
    }

    private let tokens: PersonalTokenService
    private let users: UserService

    package init(tokens: PersonalTokenService, users: UserService) {
        self.tokens = tokens
        self.users = users
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        router.group("pat/v1")
            .post(use: create)
            .get(use: list)
            .delete(":id", use: delete)
    }

    @Sendable
    private func create(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        guard let user = try await users.user(of: principal) else {
            throw APIError.forbidden("Only people have personal access tokens.")
        }
        let body = try await request.json(CreateBody.self)
        let token = try await tokens.create(for: user, description: body.description ?? "", days: body.days ?? 0)
        return try .json(["token": token], status: .created)
    }

    @Sendable
    private func list(request: Request, context: ServerContext) async throws -> Response {
        let tokens = try await tokens.list(as: try context.requirePrincipal())
        return try .json(tokens.map(Item.init), status: .accepted)
    }

    @Sendable
    private func delete(request: Request, context: ServerContext) async throws -> Response {
        try await tokens.delete(id: try context.parameters.require("id"), as: try context.requirePrincipal())
        return Response(status: .accepted)
    }
}
