import JSONAPI

/// What went wrong, for the person at the terminal.
struct ClientError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Takes the details out of a JSON:API error document.
    init(refusal document: JSONValue?, status: Int, server: String) {
        let details = document?["errors"]?.array?.compactMap { $0["detail"]?.string } ?? []
        guard details.isEmpty else {
            self.init(details.joined(separator: "\n"))
            return
        }
        self.init(
            status == 401
                ? "The server at \(server) does not accept the token in TERRAKUBE_TOKEN."
                : "The server at \(server) answered \(status)."
        )
    }
}
