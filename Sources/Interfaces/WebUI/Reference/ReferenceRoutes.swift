import HTTPTypes
package import Hummingbird
package import JSONAPI
package import Service

/// `/api-docs`: the description of the API as pages, a list of its types and a page for each.
package struct ReferenceRoutes: Sendable {
    private let document: Lazily<JSONValue>
    private let pages: PageRenderer

    /// - Parameter document: The API's description, as OpenAPI.
    /// - Throws: The template parser's error, for a template that is broken.
    package init(_ document: Lazily<JSONValue>, time: TimeSource) throws {
        self.document = document
        pages = try PageRenderer(time: time)
    }

    /// - Parameter router: Has let the authenticator look at the request.
    package func register(on router: some RouterMethods<ServerContext>) {
        router.group("api-docs")
            .add(middleware: PageMiddleware(pages: pages))
            .get(use: index)
            .get(":type", use: type)
    }

    @Sendable
    private func index(request: Request, context: ServerContext) throws -> Response {
        _ = try context.requirePrincipal()
        return pages.page(.reference, title: "API", content: ReferenceIndexContent(try document()), for: context)
    }

    @Sendable
    private func type(request: Request, context: ServerContext) throws -> Response {
        _ = try context.requirePrincipal()
        let name = try context.parameters.require("type")
        guard let content = ReferenceTypeContent(name, in: try document()) else {
            throw APIError.notFound("The API has no type of this name.")
        }
        return pages.page(.referenceType, title: "\(name) · API", content: content, for: context)
    }
}
