import Database

/// Turns the attributes that a client sent into columns.
struct AttributeDecoder<Caller: Sendable> {
    let type: ResourceType<Caller>

    /// - Parameter isNew: Whether the row is created; only then defaults count and values may be missing.
    /// - Returns: The columns, and the names of the attributes that were sent and count.
    /// - Throws: `APIError` with a pointer to the first attribute that is wrong.
    func columns(
        from attributes: [String: JSONValue],
        isNew: Bool
    ) throws(APIError) -> (columns: [String: SQLValue], sent: Set<String>) {
        var columns: [String: SQLValue] = [:]
        var sent: Set<String> = []
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) where type.schema.ignoredAttributes.contains(name) == false {
            guard let attribute = type.attributesByName[name] else {
                throw APIError(
                    status: 404,
                    title: "Unknown attribute",
                    detail: "Unknown attribute \(name.quotable) in \(type.name)",
                    pointer: "/data/attributes/\(name.asPointerToken)"
                )
            }
            switch attribute.mutability {
            case .ignored: continue
            case .always: break
            case .onCreate where isNew: break
            case .onCreate: throw refused(name, "\(name) can only be set when the \(type.name) is created.")
            case .never: throw refused(name, "\(name) is read only.")
            }
            // Go clients send the empty string for a choice that they do not make.
            if case .enumeration = attribute.kind, value == "" { continue }
            columns[attribute.column] = try stored(value, of: attribute)
            sent.insert(name)
        }
        guard isNew else { return (columns, sent) }
        for attribute in type.attributes where attribute.expression == nil && columns[attribute.column] == nil {
            guard attribute.defaultValue != .null || attribute.mutability != .ignored else { continue }
            columns[attribute.column] = try stored(attribute.defaultValue, of: attribute)
        }
        return (columns, sent)
    }

    private func stored(_ value: JSONValue, of attribute: ResourceAttribute<Caller>) throws(APIError) -> SQLValue {
        if value == .null, attribute.isRequired, attribute.mutability == .always || attribute.mutability == .onCreate {
            guard case .enumeration(let values) = attribute.kind else {
                throw .invalid(attribute: attribute.name, "\(attribute.name) is required.")
            }
            let choice = ResourceAttributeKind.choice(of: values)
            throw .invalid(attribute: attribute.name, "\(attribute.name) is required and must be \(choice).")
        }
        do {
            return try attribute.kind.decode(value)
        } catch {
            throw .invalid(attribute: attribute.name, "\(attribute.name) \(error.reason).")
        }
    }

    private func refused(_ name: String, _ detail: String) -> APIError {
        APIError(status: 403, title: "Forbidden", detail: detail, pointer: "/data/attributes/\(name)")
    }
}
