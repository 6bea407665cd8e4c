package import Foundation
package import Service

/// Keeps every object as ciphertext, whatever store lies below. The key of the object is its context: a file that
/// was copied over another does not open.
package struct SealedBlobStore: BlobStore {
    private let store: any BlobStore
    private let keyring: Keyring

    package init(_ store: any BlobStore, keyring: Keyring) {
        self.store = store
        self.keyring = keyring
    }

    package func put(_ data: Data, at key: String) async throws {
        try await store.put(try keyring.seal(data, context: "blob/\(key)"), at: key)
    }

    /// - Throws: `KeyringError` when the object was altered or sealed with a key that is gone.
    package func get(_ key: String) async throws -> Data? {
        guard let envelope = try await store.get(key) else { return nil }
        return try keyring.open(envelope, context: "blob/\(key)")
    }

    package func delete(_ key: String) async throws {
        try await store.delete(key)
    }
}
