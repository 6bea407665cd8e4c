import Foundation
import HTTPTypes
package import Hummingbird
import JSONAPI
import Outgoing
package import Service

/// `/proxy/v1`: `?targetUrl=…&workspaceId=…&proxyheaders={"Name":"value"}`, and for methods with a body its member
/// `proxyBody` (api.md §3.12).
package struct ProxyRoutes: Sendable {
    private let proxy: ProxyService

    package init(proxy: ProxyService) {
        self.proxy = proxy
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        for method in [HTTPRequest.Method.get, .post, .put, .delete, .patch] {
            router.on("proxy/v1", method: method, use: forward)
            router.on("proxy/v1/**", method: method, use: forward)
        }
    }

    @Sendable
    private func forward(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        // A page elsewhere could make a signed-in browser send a variable to any target.
        guard context.session == nil else { throw APIError.forbidden("The proxy needs a bearer token.") }
        let query = request.uri.queryParameters
        guard let target = query["targetUrl"].map(String.init), let workspace = query["workspaceId"].map(String.init) else {
            throw APIError.badRequest("The proxy needs targetUrl and workspaceId.")
        }
        var outgoing = OutgoingRequest(method: request.method.rawValue, url: target)
        outgoing.headers = try Self.headers(query["proxyheaders"].map(String.init))
        if request.method != .get, let body = try await Self.body(of: request) {
            outgoing.body = body
            if outgoing.headers.contains(where: { $0.name.lowercased() == "content-type" }) == false {
                outgoing.headers.append(("Content-Type", "application/json"))
            }
        }
        return Self.response(try await proxy.forward(outgoing, workspace: workspace, as: principal))
    }

    /// Headers that the caller may not choose: they belong to the connection.
    private static let connectionHeaders: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "keep-alive", "proxy-connection",
        "expect",
    ]

    private static func headers(_ text: String?) throws -> [(name: String, value: String)] {
        guard let text, text.isEmpty == false else { return [] }
        guard let object = try? JSONValue(parsing: Data(text.utf8)).object else {
            throw APIError.badRequest("proxyheaders must be a JSON object of strings.")
        }
        return try object.sorted { $0.key < $1.key }.map { name, value in
            guard let text = value.string, HTTPField.Name(name) != nil, connectionHeaders.contains(name.lowercased()) == false,
                HTTPField.isValidValue(text)
            else { throw APIError.badRequest("The header \(name) can't be sent.") }
            return (name, text)
        }
    }

    /// The member `proxyBody` of a JSON body: a text as it is, anything else as JSON.
    private static func body(of request: Request) async throws -> Data? {
        let data = try await request.wholeBody(upTo: 1024 * 1024)
        guard data.isEmpty == false else { return nil }
        guard let body = try? JSONValue(parsing: data)["proxyBody"], body != .null else { return nil }
        return body.string.map { Data($0.utf8) } ?? body.serialised()
    }

    /// The answer comes from elsewhere but is shown by our origin: it must not run there.
    private static func response(_ answer: OutgoingResponse) -> Response {
        let type = answer.header("content-type")?.lowercased() ?? ""
        let isHarmless = type.hasPrefix("application/json") || type.hasPrefix("text/plain") || type.contains("+json")
        return Response(
            status: .init(code: answer.status),
            headers: [
                .contentType: isHarmless ? type : "application/octet-stream",
                .contentSecurityPolicy: "default-src 'none'; sandbox",
                .xContentTypeOptions: "nosniff",
            ],
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }
}
