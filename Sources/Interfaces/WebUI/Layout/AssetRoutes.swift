import HTTPTypes
import Hummingbird
import JSONAPI
import Service

/// `/assets/…`: what pages refer to.
struct AssetRoutes: Sendable {
    let assets: AssetLibrary

    func register(on router: some RouterMethods<ServerContext>) {
        router.get("assets/:file", use: file)
    }

    @Sendable
    private func file(request: Request, context: ServerContext) throws -> Response {
        guard let asset = assets.asset(at: request.uri.path) else { throw APIError.notFound("There is no such file.") }
        return Response(
            status: .ok,
            headers: [
                .contentType: asset.contentType,
                .cacheControl: "public, max-age=31536000, immutable",
                .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: asset.body)
        )
    }
}
