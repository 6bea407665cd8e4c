import Database
package import JSONAPI
import Outgoing

extension ResourceDraft {
    /// Looks at an address that the server will call, when a write changes it.
    ///
    /// - Parameter attribute: Its name on the wire; the column is that in snake case.
    /// - Throws: `APIError` 400 for what no call could go to, or must not.
    package func requireOutgoingURL(_ attribute: String, allowsPrivateAddresses: Bool) throws {
        guard changes(attribute.snakeCased) else { return }
        do {
            _ = try OutgoingURL(try value(attribute.snakeCased) ?? "", allowsPrivateAddresses: allowsPrivateAddresses)
        } catch let error as OutgoingURLError {
            throw APIError.invalid(attribute: attribute, "\(attribute) \(error.reason).")
        }
    }
}
