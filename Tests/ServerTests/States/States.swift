import Foundation
import HTTPTypes
import JSONAPI

/// Terraform states and lock documents as Terraform writes them.
enum States {
    static let lineage = "5d6f2a11-9f43-4c8e-8a52-0d1b1b0c7f10"

    static func state(
        serial: Int,
        lineage: String = lineage,
        output: String = "hello",
        padding: Int = 0
    ) -> Data {
        let outputs: JSONValue = [
            "greeting": ["value": .string(output), "type": "string"],
            "padding": ["value": .string(String(repeating: "ä0", count: padding / 3)), "type": "string", "sensitive": true],
        ]
        let state: JSONValue = [
            "version": 4, "terraform_version": "1.11.4", "serial": .integer(Int64(serial)), "lineage": .string(lineage),
            "outputs": outputs, "resources": [], "check_results": nil,
        ]
        // Terraform's states end with a newline: what is stored is what came.
        return state.serialised() + Data("\n".utf8)
    }

    static func lock(_ id: String) -> Data {
        let document: JSONValue = [
            "ID": .string(id), "Operation": "OperationTypeApply", "Info": "", "Who": "anna@laptop", "Version": "1.11.4",
            "Created": "2026-02-02T02:40:00Z", "Path": "",
        ]
        return document.serialised()
    }
}

extension TestServer {
    /// Writes a state as Terraform's `http` backend does.
    func write(_ state: Data, to workspace: String, lock: String? = nil, as caller: Caller = .administrator) async throws -> Answer {
        let query = lock.map { "?ID=\($0)" } ?? ""
        return try await send(.post, "/tfstate/v1/backend/\(workspace)\(query)", state, type: "application/json", as: caller)
    }

    func lock(_ id: String, _ workspace: String, as caller: Caller = .administrator) async throws -> Answer {
        try await send(.lock, "/tfstate/v1/backend/\(workspace)", States.lock(id), type: "application/json", as: caller)
    }

    func unlock(_ id: String, _ workspace: String, as caller: Caller = .administrator) async throws -> Answer {
        try await send(.unlock, "/tfstate/v1/backend/\(workspace)", States.lock(id), type: "application/json", as: caller)
    }

    func currentState(_ workspace: String, as caller: Caller = .administrator) async throws -> Answer {
        try await get("/tfstate/v1/backend/\(workspace)", as: caller)
    }
}

extension HTTPRequest.Method {
    /// What Terraform's `http` backend sends besides GET and POST.
    static let lock = HTTPRequest.Method("LOCK") ?? .post
    static let unlock = HTTPRequest.Method("UNLOCK") ?? .post
}
