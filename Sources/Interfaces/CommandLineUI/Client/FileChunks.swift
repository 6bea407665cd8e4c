import Foundation
import NIOCore

/// A file in pieces, so that an upload needs little memory whatever its size.
struct FileChunks: AsyncSequence, Sendable {
    private static let size = 256 * 1024

    let file: URL

    func makeAsyncIterator() -> Iterator {
        Iterator(file: file)
    }

    struct Iterator: AsyncIteratorProtocol {
        let file: URL
        private var handle: FileHandle?

        init(file: URL) {
            self.file = file
        }

        mutating func next() async throws -> ByteBuffer? {
            let open = try handle ?? FileHandle(forReadingFrom: file)
            handle = open
            guard let data = try open.read(upToCount: FileChunks.size), data.isEmpty == false else { return nil }
            return ByteBuffer(bytes: data)
        }
    }
}
