import Foundation

/// The versions that a publisher offers for one platform.
struct ReleaseIndex: Sendable, Equatable {
    struct Release: Sendable, Equatable {
        /// The name of the zip, as the checksum file lists it.
        let fileName: String
        let archive: URL
        let checksums: URL
    }

    let releases: [Version: Release]

    /// HashiCorp's `index.json`: `{"versions": {"1.9.8": {"shasums": …, "builds": [{"os", "arch", "filename", "url"}]}}}`.
    /// Terrakube serves the same for mirrors.
    ///
    /// - Parameter url: Where the index came from; relative addresses in it are below that.
    static func hashiCorp(_ json: Data, from url: URL, platform: Platform) throws -> ReleaseIndex {
        struct Index: Decodable {
            struct Entry: Decodable {
                let shasums: String?
                let builds: [Build]
            }
            struct Build: Decodable {
                let os: String
                let arch: String
                let filename: String
                let url: String
            }
            let versions: [String: Entry]
        }
        var releases: [Version: Release] = [:]
        for (text, entry) in try decode(Index.self, json, from: url).versions {
            guard let version = Version(text), let build = entry.builds.first(where: { $0.os == platform.os && $0.arch == platform.arch }),
                let archive = URL(string: build.url, relativeTo: url)?.absoluteURL, let shasums = entry.shasums,
                let checksums = URL(string: shasums, relativeTo: archive)?.absoluteURL
            else { continue }
            releases[version] = Release(fileName: build.filename, archive: archive, checksums: checksums)
        }
        return ReleaseIndex(releases: releases)
    }

    /// GitHub's list of releases, as OpenTofu is published:
    /// `[{"name", "tag_name", "assets": [{"name": "tofu_1.8.0_linux_amd64.zip", "browser_download_url"}]}]`.
    static func gitHub(_ json: Data, from url: URL, platform: Platform) throws -> ReleaseIndex {
        struct Entry: Decodable {
            struct Asset: Decodable {
                let name: String
                let browserDownloadURL: String

                enum CodingKeys: String, CodingKey {
                    case name
                    case browserDownloadURL = "browser_download_url"
                }
            }
            let name: String?
            let tag: String?
            let assets: [Asset]

            enum CodingKeys: String, CodingKey {
                case name, assets
                case tag = "tag_name"
            }
        }
        var releases: [Version: Release] = [:]
        for entry in try decode([Entry].self, json, from: url) {
            guard let version = [entry.tag, entry.name].lazy.compactMap({ $0 }).compactMap({ Version($0) }).first,
                let archive = entry.assets.first(where: { $0.name.hasSuffix("_\(platform.os)_\(platform.arch).zip") }),
                let checksums = entry.assets.first(where: { $0.name.hasSuffix("_SHA256SUMS") }),
                let archiveURL = URL(string: archive.browserDownloadURL, relativeTo: url)?.absoluteURL,
                let checksumsURL = URL(string: checksums.browserDownloadURL, relativeTo: url)?.absoluteURL
            else { continue }
            releases[version] = Release(fileName: archive.name, archive: archiveURL, checksums: checksumsURL)
        }
        return ReleaseIndex(releases: releases)
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ json: Data, from url: URL) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: json)
        } catch {
            throw ToolError.unavailable("\(url.absoluteString) is not an index of releases.")
        }
    }
}

/// What a binary runs on, in the words of Go, which both publishers use.
struct Platform: Sendable, Hashable {
    let os: String
    let arch: String

    static var current: Platform {
        #if arch(arm64)
            Platform(os: "linux", arch: "arm64")
        #else
            Platform(os: "linux", arch: "amd64")
        #endif
    }
}
