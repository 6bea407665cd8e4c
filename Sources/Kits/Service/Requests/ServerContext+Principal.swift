package import JSONAPI

extension ServerContext {
    /// The one who asks.
    ///
    /// - Throws: `APIError` 401 when nobody has signed in.
    package func requirePrincipal() throws(APIError) -> Principal {
        guard let principal else { throw .unauthorized() }
        return principal
    }
}
