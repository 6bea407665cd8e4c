import BlobStore
import Foundation
import Service
import TestSupport
import Testing

struct BlobStoreTests {
    @Test("an object is put, replaced, read and deleted")
    func lifecycle() async throws {
        try await withTemporaryDirectory { directory in
            let store = try LocalBlobStore(directory: directory.appending(path: "deep/blobs").path)
            #expect(try await store.get("a/b/c.json") == nil)
            try await store.put(Data("one".utf8), at: "a/b/c.json")
            try await store.put(Data("two, longer".utf8), at: "a/b/c.json")
            #expect(try await store.get("a/b/c.json") == Data("two, longer".utf8))
            try await store.put(Data(), at: "a/b/empty")
            #expect(try await store.get("a/b/empty") == Data())
            #expect(try await store.get("a/b") == nil)
            try await store.delete("a/b/c.json")
            #expect(try await store.get("a/b/c.json") == nil)
            try await store.delete("a/b/c.json")
            try await store.delete("no/such/key")
            let left = FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? []
            #expect(left.filter { $0.contains("tmp") } == [])
        }
    }

    @Test(
        "a key that leads elsewhere is refused",
        arguments: ["", "/", "/etc/passwd", "a//b", "a/", "..", "a/../b", "./a", "a\nb", "a\u{0}b", "a/."]
    )
    func badKeys(key: String) async throws {
        try await withTemporaryDirectory { directory in
            let store = try LocalBlobStore(directory: directory.appending(path: "blobs").path)
            await #expect(throws: BlobStoreError.badKey(key)) { try await store.put(Data("x".utf8), at: key) }
            await #expect(throws: BlobStoreError.badKey(key)) { try await store.get(key) }
            await #expect(throws: BlobStoreError.badKey(key)) { try await store.delete(key) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["blobs"])
        }
    }

    @Test("only this user can read what is stored")
    func modes() async throws {
        try await withTemporaryDirectory { directory in
            let root = directory.appending(path: "blobs").path
            try await LocalBlobStore(directory: root).put(Data("x".utf8), at: "a/b")
            for (path, expected) in [("", 0o700), ("/a", 0o700), ("/a/b", 0o600)] {
                let mode = try FileManager.default.attributesOfItem(atPath: root + path)[.posixPermissions] as? Int
                #expect(mode == expected, "\(path)")
            }
        }
    }

    @Test("readers see the old object or the new one, never a part")
    func atomicity() async throws {
        try await withTemporaryDirectory { directory in
            let store = try LocalBlobStore(directory: directory.path)
            let versions = (0..<8).map { Data(repeating: UInt8($0), count: 200_000) }
            try await store.put(versions[0], at: "object")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for version in versions {
                    group.addTask { try await store.put(version, at: "object") }
                    group.addTask {
                        let seen = try #require(try await store.get("object"))
                        #expect(versions.contains(seen))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("a sealed store keeps ciphertext that opens only under its own key")
    func sealed() async throws {
        try await withTemporaryDirectory { directory in
            let files = try LocalBlobStore(directory: directory.path)
            let store = SealedBlobStore(files, keyring: try Keyring(text: Keyring.generate()))
            let secret = Data("canary-blob".utf8)
            try await store.put(secret, at: "a/one")
            #expect(try await store.get("a/one") == secret)
            #expect(try await store.get("a/two") == nil)
            let ciphertext = try #require(try await files.get("a/one"))
            #expect(ciphertext.range(of: secret) == nil)
            try await files.put(ciphertext, at: "a/two")
            await #expect(throws: KeyringError.damaged) { try await store.get("a/two") }
            let stranger = SealedBlobStore(files, keyring: try Keyring(text: Keyring.generate()))
            await #expect(throws: KeyringError.unknownKey) { try await stranger.get("a/one") }
            try await store.delete("a/one")
            #expect(try await store.get("a/one") == nil)
        }
    }
}
