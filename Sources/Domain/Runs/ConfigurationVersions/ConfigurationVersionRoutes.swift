import Foundation
package import Hummingbird
import JSONAPI
package import Service

/// The two calls of an upload, in the shape of the TFE API: announce, then send the archive.
/// Source: <https://developer.hashicorp.com/terraform/cloud-docs/api-docs/configuration-versions>.
package struct ConfigurationVersionRoutes: Sendable {
    private let versions: ConfigurationVersionService
    private let address: ServerAddress

    package init(versions: ConfigurationVersionService, address: ServerAddress) {
        self.versions = versions
        self.address = address
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        router.group("remote/tfe/v2")
            .post("workspaces/:workspace/configuration-versions", use: create)
            .put("configuration-versions/:id/upload", use: upload)
    }

    @Sendable
    private func create(request: Request, context: ServerContext) async throws -> Response {
        let version = try await versions.create(
            workspace: try context.parameters.require("workspace"),
            as: try context.requirePrincipal()
        )
        let document: JSONValue = [
            "data": [
                "type": "configuration-versions",
                "id": .string(version.id),
                "attributes": [
                    "status": .string(version.status.rawValue),
                    "upload-url": .string("\(address.publicURL)/remote/tfe/v2/configuration-versions/\(version.id)/upload"),
                ],
            ]
        ]
        return .data(document.serialised(), type: "application/vnd.api+json", status: .created)
    }

    @Sendable
    private func upload(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let archive = try await request.wholeBody(upTo: ConfigurationVersionService.sizeLimit)
        try await versions.upload(archive, id: try context.parameters.require("id"), as: principal)
        return Response(status: .ok)
    }
}
