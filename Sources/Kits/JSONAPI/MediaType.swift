/// Which media types the resource API takes and gives.
enum MediaType {
    /// - Throws: `APIError` 415 unless a document of this type can be read.
    static func requireReadable(_ contentType: String?) throws(APIError) {
        guard let contentType, contentType.isEmpty == false else {
            throw .unsupportedMediaType("The request has a body but no Content-Type; send \(ResourceResponse.mediaType).")
        }
        let parts = contentType.split(separator: ";").map { $0.trimmingSpaces.lowercased() }
        guard parts.first == ResourceResponse.mediaType else {
            throw .unsupportedMediaType("\(contentType.quotable) cannot be read here; send \(ResourceResponse.mediaType).")
        }
        // https://jsonapi.org/format/#content-negotiation-servers: an extension that is not known must be refused.
        guard parts.contains(where: { $0.hasPrefix("ext=") }) == false else {
            throw .unsupportedMediaType("The extension in \(contentType.quotable) is not known here.")
        }
    }

    /// - Throws: `APIError` 406 when the client takes nothing that is given here.
    static func requireAcceptable(_ accept: String?) throws(APIError) {
        guard let accept, accept.contains(where: { $0 != " " }) else { return }
        let given: Set = ["*/*", "application/*", "application/json", ResourceResponse.mediaType]
        let isAcceptable = accept.split(separator: ",").contains { range in
            given.contains((range.split(separator: ";").first ?? "").trimmingSpaces.lowercased())
        }
        guard isAcceptable else {
            throw APIError(status: 406, title: "Not acceptable", detail: "Answers come as \(ResourceResponse.mediaType).")
        }
    }
}
