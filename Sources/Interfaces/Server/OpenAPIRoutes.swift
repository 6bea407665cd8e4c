import Foundation
import HTTPTypes
import Hummingbird
import JSONAPI
import Service
import WebUI

/// `GET /doc`: the description of the native API for tools, and `/api-docs`: the same for people.
struct OpenAPIRoutes: Sendable {
    private let body: Lazily<Data>
    private let pages: ReferenceRoutes

    /// - Throws: The template parser's error.
    init(_ api: ResourceAPI<Principal>, time: TimeSource) throws {
        let document = Lazily { try api.openAPI(title: "Terrakube API", version: "1").json }
        body = Lazily { try document().serialised() }
        pages = try ReferenceRoutes(document, time: time)
    }

    func register(on router: some RouterMethods<ServerContext>) {
        router.get("doc", use: document)
        pages.register(on: router)
    }

    /// JSON, which is YAML as well (<https://yaml.org/spec/1.2.2/#12-yaml-history>) for a client that asks for that.
    @Sendable
    private func document(request: Request, context: ServerContext) throws -> Response {
        _ = try context.requirePrincipal()
        let wantsYAML = request.headers[.accept]?.contains("yaml") == true
        return .data(try body(), type: wantsYAML ? "application/yaml" : "application/json")
    }
}
