import Foundation

/// What git's last words mean. It has one exit code, 128, for nearly everything, so the text decides; `LC_ALL=C` keeps
/// it in English.
struct GitFailure: Error {
    enum Cause {
        case missingReference
        case missingRepository
        case denied
        case unreachable
        case corruptMirror
        case other
    }

    let code: Int
    let detail: String
    /// The repository's address, whose words mean nothing.
    let url: String?

    private static let signs: [(Cause, [String])] = [
        (.missingReference, ["couldn't find remote ref", "not our ref", "unadvertised object"]),
        (
            .denied,
            ["authentication failed", "could not read username", "could not read password", "returned error: 401", "returned error: 403"]
        ),
        (
            .unreachable,
            [
                "could not resolve", "failed to connect", "couldn't connect", "connection refused", "connection reset", "timed out",
                "operation too slow", "certificate", "gnutls", "ssl", "returned error: 5", "early eof", "unexpected disconnect",
                "transfer closed", "empty reply", "unable to access",
            ]
        ),
        (.missingRepository, ["' not found", "returned error: 404", "not valid: is this a git repository?"]),
        (
            .corruptMirror,
            [
                "not a git repository", "bad object", "corrupt", "is empty", "unable to read", "missing blob", "missing tree",
                "missing commit",
                "invalid object", "invalid sha1", "bad config", "bad tree", "unable to parse", "garbage", "inflate", "loose object",
                "did not send all necessary objects", "unable to find", "not a tree object", "bad signature", "unable to unpack",
                "failed to unpack tree object", "not a valid object name",
                // Left by a git that was killed. No other one is at work: the caller holds the mirror's lock.
                ".lock': file exists",
            ]
        ),
    ]

    var cause: Cause {
        let text = (url.map { detail.replacingOccurrences(of: $0, with: "") } ?? detail).lowercased()
        // The order of the list counts: `unable to access …: returned error: 404` is a missing repository.
        if text.contains("returned error: 404") { return .missingRepository }
        return Self.signs.first { $0.1.contains(where: text.contains) }?.0 ?? .other
    }

    func toolError(_ source: GitSource, hasCredentials: Bool) -> ToolError {
        switch cause {
        case .missingReference: .notFound("The repository \(source.url) has no such branch, tag or commit.")
        case .missingRepository: .notFound("There is no git repository at \(source.url), or it is not visible without other credentials.")
        case .denied where hasCredentials: .denied("\(source.origin) refused the credentials for \(source.url).")
        case .denied: .unavailable("\(source.url) asks for credentials, and none are configured.")
        case .unreachable: .unavailable("\(source.url) could not be reached: \(lastLine)")
        case .corruptMirror, .other: .failed(program: "git", code: code, detail: detail)
        }
    }

    private var lastLine: String {
        detail.split(whereSeparator: \.isNewline).last.map(String.init) ?? "no answer"
    }
}
