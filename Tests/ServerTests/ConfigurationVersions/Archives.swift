import Foundation
import HTTPTypes
import JSONAPI
import Testing

/// Uploads.
enum Archives {
    /// The shortest thing that begins like gzip.
    static let empty = Data([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
}

extension TestServer {
    func announceUpload(to workspace: String, as caller: Caller = .administrator) async throws -> Answer {
        try await post(
            "/remote/tfe/v2/workspaces/\(workspace)/configuration-versions",
            .resource("configuration-versions", ["auto-queue-runs": false]),
            as: caller
        )
    }

    func sendUpload(_ archive: Data, _ id: String, as caller: Caller = .administrator) async throws -> Answer {
        try await send(.put, "/remote/tfe/v2/configuration-versions/\(id)/upload", archive, type: "application/octet-stream", as: caller)
    }

    /// Announces and sends.
    ///
    /// - Returns: The id of the configuration version.
    @discardableResult
    func upload(_ archive: Data, to workspace: String) async throws -> String {
        let id = try #require(try await announceUpload(to: workspace).id)
        try await #require(sendUpload(archive, id).status == 200)
        return id
    }
}
