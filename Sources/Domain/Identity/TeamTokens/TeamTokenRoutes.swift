import Foundation
package import Hummingbird
package import Service

/// `/access-token/v1/teams`, with Terrakube's shapes and status codes (api.md §3.9).
package struct TeamTokenRoutes: Sendable {
    private struct CreateBody: Decodable {
        let group: String?
        let description: String?
        let days: Int?
        let hours: Int?
        let minutes: Int?
    }

    private struct Item: Encodable {
        let id: String
        let days: Int
        let hours: Int
        let minutes: Int
        let group: String
        let description: String
        let deleted = false
        let createdDate: Date
        let createdBy: String
        let updatedDate: Date
        let updatedBy: String

        init(_ token: TeamToken) {
            id = token.id
            days = token.lifetime.days
            hours = token.lifetime.hours
            minutes = token.lifetime.minutes
            group = token.group
            description = token.description
            createdDate = token.createdDate
            createdBy = token.createdBy
            updatedDate = token.createdDate
            updatedBy = token.createdBy
        }
    }

    private let tokens: TeamTokenService

    package init(tokens: TeamTokenService) {
        self.tokens = tokens
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        router.group("access-token/v1/teams")
            .post(use: create)
            .get(use: list)
            .delete(":id", use: delete)
    }

    @Sendable
    private func create(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let body = try await request.json(CreateBody.self)
        let token = try await tokens.create(
            group: body.group ?? "",
            description: body.description ?? "",
            lifetime: .init(days: body.days ?? 0, hours: body.hours ?? 0, minutes: body.minutes ?? 0),
            as: principal
        )
        return try .json(["token": token], status: .created)
    }

    @Sendable
    private func list(request: Request, context: ServerContext) async throws -> Response {
        try .json(try await tokens.list(as: try context.requirePrincipal()).map(Item.init), status: .accepted)
    }

    @Sendable
    private func delete(request: Request, context: ServerContext) async throws -> Response {
        try await tokens.delete(id: try context.parameters.require("id"), as: try context.requirePrincipal())
        return Response(status: .accepted)
    }
}
