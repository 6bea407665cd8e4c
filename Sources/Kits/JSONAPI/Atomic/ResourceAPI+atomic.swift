import Database

extension ResourceAPI {
    /// Below the base. No type has this name.
    static var atomicPath: String { "/operations" }

    /// `POST /operations`: any number of writes in one transaction, all or none of them.
    ///
    /// The extension's media type is asked for by the specification; plain JSON is taken as well, because Terrakube's own
    /// Go client sends that. Source: <https://jsonapi.org/ext/atomic/>.
    func answerAtomic(_ request: ResourceRequest, _ caller: Caller) async throws -> ResourceResponse {
        guard request.method == "POST" else { return ResourceResponse(methodNotAllowed: request.method, allow: "POST") }
        if let parameter = try QueryString(request.query).parameters.first {
            throw APIError.badRequest(
                "Found undefined keys in request: \(parameter.name.quotable)",
                parameter: parameter.name.quotable
            )
        }
        let operations = try AtomicDocument(try request.json(isAtomic: true)).operations
        let results = try await database.write { [self] transaction in
            let context = ResourceWriteContext(transaction: transaction, caller: caller, now: now(), newID: newID)
            var run = AtomicRun(operations, api: self, in: context)
            return try run.results()
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("atomic:results") { writer in
                writer.array(results) { writer, result in
                    writer.document(result ?? ResourceDocument(primary: .one(nil)))
                }
            }
        }
        return ResourceResponse(status: 200, headers: ["content-type": MediaType.atomic], json: writer)
    }
}
