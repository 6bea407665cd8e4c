package import Database
package import Foundation

/// The resource API: declared types, answered over a database.
///
/// A GET runs in one snapshot, a write with all its rules in one transaction. What a caller may not read does not
/// exist for them: it answers 404, never 403.
package struct ResourceAPI<Caller: Sendable>: Sendable {
    /// The longest body that is read, in bytes.
    package static var maximumBodyLength: Int { 4 * 1024 * 1024 }
    /// How many values (members, elements) a body may hold: reading many small ones is what takes long.
    package static var maximumBodyValues: Int { 50_000 }

    let catalogue: ResourceCatalogue<Caller>
    let writer: ResourceWriter<Caller>
    let database: any SQLDatabase
    let basePath: String
    let now: @Sendable () -> Date
    let newID: @Sendable () -> String
    let onUnexpectedError: @Sendable (any Error) -> Void

    /// - Parameters:
    ///   - basePath: What stands before the paths of requests, for `Location`.
    ///   - author: What the audit columns say about a caller.
    ///   - onUnexpectedError: Is told the errors behind answers with status 500.
    /// - Throws: `ResourceDeclarationError` when the declarations contradict each other.
    package init(
        schemas: [ResourceSchema<Caller>],
        database: any SQLDatabase,
        basePath: String = "/api/v1",
        author: @escaping @Sendable (Caller) -> String,
        now: @escaping @Sendable () -> Date,
        newID: @escaping @Sendable () -> String,
        onUnexpectedError: @escaping @Sendable (any Error) -> Void
    ) throws {
        catalogue = try ResourceCatalogue(schemas)
        writer = ResourceWriter(catalogue: catalogue, author: author)
        self.database = database
        self.basePath = basePath
        self.now = now
        self.newID = newID
        self.onUnexpectedError = onUnexpectedError
    }

    /// Answers any request; errors become documents.
    package func respond(to request: ResourceRequest, as caller: Caller) async -> ResourceResponse {
        do {
            return try await answer(request, caller)
        } catch let failure as AtomicFailure {
            return failure.response
        } catch {
            if let refusal = APIError(describing: error) { return ResourceResponse(refusal) }
            onUnexpectedError(error)
            return ResourceResponse(.unexpected)
        }
    }

    private func answer(_ request: ResourceRequest, _ caller: Caller) async throws -> ResourceResponse {
        try MediaType.requireAcceptable(request.accept)
        if request.path == Self.atomicPath || request.path == Self.atomicPath + "/" { return try await answerAtomic(request, caller) }
        let path = try ResourcePath(parsing: request.path, in: catalogue)
        let query = try ResourceQuery(try QueryString(request.query), of: path.type, isList: path.isList, in: catalogue)
        if request.method == "GET" {
            let document = try await database.read { [catalogue] connection in
                let scope = ReadScope(catalogue: catalogue, caller: caller, query: query, connection: connection)
                return try ResourceReader.document(at: path, scope: scope)
            }
            return ResourceResponse(document)
        }
        guard let operation = try ResourceOperation(request, at: path) else {
            return ResourceResponse(methodNotAllowed: request.method, allow: ResourceOperation.methods(at: path))
        }
        let created = try await database.write { [self] transaction -> (id: String, document: ResourceDocument)? in
            let context = ResourceWriteContext(transaction: transaction, caller: caller, now: now(), newID: newID)
            guard let created = try perform(operation, at: path, in: context) else { return nil }
            return (created.id, try document(of: created, query, in: context))
        }
        guard let created else { return ResourceResponse(status: 204) }
        let location = "\(basePath)\(path.text)/\(created.id.percentEncoded)"
        return ResourceResponse(status: 201, headers: ["location": location], created.document)
    }
}

extension ResourceAPI {
    /// Creates a resource by the rules of its type, as a POST would. Whoever calls has made sure that `parent` is
    /// there and readable.
    ///
    /// - Parameter id: Counts for types whose ids come from the client.
    /// - Returns: The id of the new resource.
    /// - Throws: `APIError`, `DatabaseError`; then the transaction has to be given up.
    package func create(
        _ type: String,
        id: String? = nil,
        attributes: [String: JSONValue] = [:],
        relationships: [String: ResourceLinkage] = [:],
        parent: ResourceParent? = nil,
        in context: ResourceWriteContext<Caller>
    ) throws -> String {
        try writer.create(type, id: id, attributes: attributes, relationships: relationships, parent: parent, in: context)
    }

    /// Changes a resource by the rules of its type, as a PATCH would. A many-to-many linkage replaces what the caller
    /// sees of the present one.
    package func update(
        _ type: String,
        id: String,
        attributes: [String: JSONValue] = [:],
        relationships: [String: ResourceLinkage] = [:],
        in context: ResourceWriteContext<Caller>
    ) throws {
        try writer.update(type, id: id, attributes: attributes, relationships: relationships, in: context)
    }

    /// Deletes a resource by the rules of its type, as a DELETE would.
    package func delete(_ type: String, id: String, in context: ResourceWriteContext<Caller>) throws {
        try writer.delete(type, id: id, in: context)
    }
}
