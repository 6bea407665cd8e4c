import Database

extension ResourceAPI {
    /// Does what a writing request asks for, inside a transaction.
    ///
    /// - Returns: What was created; nil for an answer without a body.
    func perform(
        _ operation: ResourceOperation,
        at path: ResourcePath<Caller>,
        in context: ResourceWriteContext<Caller>
    ) throws -> ResourceIdentifier? {
        let resolver = PathResolver(caller: context.caller, connection: context.transaction)
        try resolver.require(path.records)
        switch operation {
        case .create(let document):
            return try create(document, at: path, in: context)
        case .update(let document):
            let type = path.type
            try require(document, hasType: type.name)
            let id = try target(of: path, resolver)
            if let sent = document.id, type.identity.key(sent) != type.identity.key(id) {
                throw APIError.badRequest("The id in the document is another one than in the path.", pointer: "/data/id")
            }
            try update(type.name, id: id, attributes: document.attributes, relationships: document.relationships, in: context)
        case .delete:
            try delete(path.type.name, id: try target(of: path, resolver), in: context)
        case .replaceLinkage(let linkage):
            try relink(path, in: context) { _ in linkage }
        case .addLinks(let linkage):
            try relink(path, in: context) { linked in .many(linked + linkage.identifiers) }
        case .removeLinks(let linkage):
            try relink(path, in: context) { linked in .many(linked.filter { linkage.identifiers.contains($0) == false }) }
        }
        return nil
    }

    /// What an answer shows of a resource that was created. A caller who may not read it learns its id alone.
    func document(
        of created: ResourceIdentifier,
        _ query: ResourceQuery,
        in context: ResourceWriteContext<Caller>
    ) throws -> ResourceDocument {
        let type = try catalogue.type(created.type)
        let scope = ReadScope(catalogue: catalogue, caller: context.caller, query: query, connection: context.transaction)
        let shown = try type.identity.key(created.id).flatMap { try ResourceReader(scope: scope).document(of: type, key: $0) }
        return shown ?? ResourceDocument(primary: .one(ResourceObject(identifier: created)))
    }

    private func create(
        _ document: RequestDocument,
        at path: ResourcePath<Caller>,
        in context: ResourceWriteContext<Caller>
    ) throws -> ResourceIdentifier {
        let type = path.type
        try require(document, hasType: type.name)
        var parent: ResourceParent?
        if case .related(let relationship, _) = path.end, let owner = path.records.last {
            parent = ResourceParent(type: owner.type.name, id: owner.id, relationship: relationship.name)
        }
        let id = try create(
            type.name,
            id: document.id,
            attributes: document.attributes,
            relationships: document.relationships,
            parent: parent,
            in: context
        )
        return ResourceIdentifier(type: type.name, id: id)
    }

    /// The id of the one resource that the path is about.
    private func target(of path: ResourcePath<Caller>, _ resolver: PathResolver<Caller>) throws -> String {
        guard let last = path.records.last else { throw APIError.notFound("The path names no resource.") }
        guard case .related(let relationship, let type) = path.end else { return last.id }
        guard let id = try resolver.target(of: relationship, from: last, as: type) else {
            throw APIError.notFound("This \(last.type.name) has no \(relationship.name).")
        }
        return id
    }

    private func relink(
        _ path: ResourcePath<Caller>,
        in context: ResourceWriteContext<Caller>,
        _ change: ([ResourceIdentifier]) -> ResourceLinkage
    ) throws {
        guard case .linkage(let relationship, let target) = path.end, let owner = path.records.last else { return }
        guard relationship.isWritable else {
            throw APIError.forbidden("\(relationship.name) of \(owner.type.name) cannot be set.")
        }
        var linked: [ResourceIdentifier] = []
        if relationship.kind.isToMany {
            linked = try writer.visibleTargets(of: relationship, from: owner.key, in: owner.type, context)
                .map { ResourceIdentifier(type: target.name, id: $0) }
        }
        let linkage = [relationship.name: change(linked)]
        try update(owner.type.name, id: owner.id, relationships: linkage, in: context)
    }

    private func require(_ document: RequestDocument, hasType name: String) throws(APIError) {
        guard let type = document.type else {
            throw .badRequest("The resource needs its type, \(name).", pointer: "/data/type")
        }
        guard type == name else {
            throw .conflict("This path takes the type \(name), not \(type.quotable).", pointer: "/data/type")
        }
    }
}

extension String {
    /// The text as one segment of a path (RFC 3986, unreserved characters stay).
    var percentEncoded: String {
        utf8.reduce(into: "") { result, byte in
            let scalar = Unicode.Scalar(byte)
            let isUnreserved = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal)
            if isUnreserved || "-._~".unicodeScalars.contains(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "%\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
            }
        }
    }
}
