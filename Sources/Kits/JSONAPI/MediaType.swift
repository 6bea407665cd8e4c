/// Which media types the resource API takes and gives.
enum MediaType {
    /// That of atomic operations: <https://jsonapi.org/ext/atomic/>.
    static let atomic = "\(ResourceResponse.mediaType);ext=\"\(atomicExtension)\""
    private static let atomicExtension = "https://jsonapi.org/ext/atomic"

    /// - Parameter isAtomic: Whether the extension for atomic operations is possible. Then plain JSON is read as well,
    ///   but nothing that the form of a foreign page could send.
    /// - Throws: `APIError` 415 unless a document of this type can be read.
    static func requireReadable(_ contentType: String?, isAtomic: Bool = false) throws(APIError) {
        let wanted = isAtomic ? atomic : ResourceResponse.mediaType
        guard let contentType, contentType.isEmpty == false else {
            throw .unsupportedMediaType("The request has a body but no Content-Type; send \(wanted).")
        }
        let parts = contentType.split(separator: ";").map { $0.trimmingSpaces.lowercased() }
        let isReadable = parts.first == ResourceResponse.mediaType || (isAtomic && parts.first == "application/json")
        guard isReadable else {
            throw .unsupportedMediaType("\(contentType.quotable) cannot be read here; send \(wanted).")
        }
        // https://jsonapi.org/format/#content-negotiation-servers: an extension that is not known must be refused.
        let extensions = parts.filter { $0.hasPrefix("ext=") }.flatMap { $0.dropFirst("ext=".count).split { "\" ".contains($0) } }
        guard extensions.allSatisfy({ isAtomic && $0 == atomicExtension }) else {
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
