/// The body of a successful answer.
struct ResourceDocument: Sendable {
    enum Primary: Sendable {
        case one(ResourceObject?)
        case many([ResourceObject])
        case linkage(ResourceLinkage)
    }

    var primary: Primary
    /// Nil when the request asked for no inclusion; then the member is absent.
    var included: [ResourceObject]?
    var meta: JSONValue?
}

extension JSONWriter {
    mutating func document(_ document: ResourceDocument) {
        object { writer in
            writer.member("data") { writer in
                switch document.primary {
                case .one(nil): writer.value(.null)
                case .one(let resource?): writer.resource(resource)
                case .many(let resources): writer.array(resources) { $0.resource($1) }
                case .linkage(let linkage): writer.linkage(linkage)
                }
            }
            if let included = document.included {
                writer.member("included") { $0.array(included) { $0.resource($1) } }
            }
            if let meta = document.meta {
                writer.member("meta") { $0.value(meta) }
            }
        }
    }
}
