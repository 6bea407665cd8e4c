import Foundation
import Logging
import Service
import Tools

/// The publishers' lists of releases, kept for a while, so that clients get one also when a publisher can't be reached.
///
/// The last good copy is on disk, too: a server that starts without a network has it.
actor ReleaseMirror {
    enum Index: String, Sendable, CaseIterable {
        case terraform
        case tofu
    }

    private struct Entry {
        var document: Data?
        /// Until then the publisher is not asked.
        var expiry: Date
    }

    /// The publishers' lists have about 5 MB; the bound is against something else at the address.
    private static let sizeLimit = 128 * 1024 * 1024
    private static let lifetime: TimeInterval = 30 * 60
    /// How long clients wait for a publisher: name servers that do not answer take longer.
    private static let patience = Duration.seconds(15)
    /// How long a publisher is left alone that failed.
    private static let pause: TimeInterval = 60

    private let urls: [Index: URL]
    private let directory: URL
    private let downloader: any ReleaseDownloader
    private let time: TimeSource
    private let logger: Logger
    private let asking = KeyedLock<Index>()
    private var entries: [Index: Entry] = [:]

    /// - Parameter directory: Where the last good copies are; made when there is one.
    init(urls: [Index: URL], directory: URL, downloader: any ReleaseDownloader, time: TimeSource, logger: Logger) {
        self.urls = urls
        self.directory = directory
        self.downloader = downloader
        self.time = time
        self.logger = logger
    }

    /// The list as its publisher wrote it, at most half an hour old when the publisher answers.
    ///
    /// - Returns: Nil when it does not, and never has.
    /// - Throws: `CancellationError`.
    func document(_ index: Index) async throws -> Data? {
        if let entry = entries[index], entry.expiry > time.now() { return entry.document }
        // One asks, the others wait for its answer.
        return try await asking.withLock(index) { try await refreshed(index) }
    }

    private func refreshed(_ index: Index) async throws -> Data? {
        if let entry = entries[index], entry.expiry > time.now() { return entry.document }
        do {
            let document = try await download(index)
            entries[index] = Entry(document: document, expiry: time.now().addingTimeInterval(Self.lifetime))
            try keep(document, of: index)
        } catch let error where !(error is CancellationError) {
            logger.warning("The list of releases can't be renewed", metadata: ["index": "\(index)", "error": "\(error)"])
            if entries[index]?.expiry ?? .distantPast <= time.now() {
                let stale = entries[index]?.document ?? (try? Data(contentsOf: file(of: index)))
                entries[index] = Entry(document: stale, expiry: time.now().addingTimeInterval(Self.pause))
            }
        }
        return entries[index]?.document
    }

    private func download(_ index: Index) async throws -> Data {
        guard let url = urls[index] else { throw ToolError.unavailable("No address is configured.") }
        let document = try await withThrowingTaskGroup(of: Data.self) { [downloader] group in
            group.addTask { try await downloader.document(at: url, limit: Self.sizeLimit) }
            group.addTask {
                try await Task.sleep(for: Self.patience)
                throw ToolError.unavailable("\(url.absoluteString) did not answer within \(Self.patience).")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? Data()
        }
        // A proxy may answer with a page of its own.
        guard (try? JSONSerialization.jsonObject(with: document)) != nil else {
            throw ToolError.unavailable("\(url.absoluteString) is no JSON.")
        }
        return document
    }

    private func keep(_ document: Data, of index: Index) throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try document.write(to: file(of: index), options: .atomic)
    }

    private func file(of index: Index) -> URL {
        directory.appending(path: "\(index.rawValue).json")
    }
}
