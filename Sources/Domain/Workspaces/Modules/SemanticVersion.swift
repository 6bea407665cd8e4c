import JSONAPI

/// The versions that a registry can serve.
enum SemanticVersion {
    /// - Throws: `APIError` 400 unless the text is a version by <https://semver.org>, without a `v`: Terraform ignores
    ///   all others, and would say that there is none.
    static func require(_ text: String?, attribute: String) throws(APIError) {
        guard let text, isValid(text) else {
            throw .invalid(attribute: attribute, "\(attribute) must be a semantic version such as 1.2.3 or 2.0.0-rc.1, without a v.")
        }
    }

    private static func isValid(_ text: String) -> Bool {
        text.wholeMatch(
            of:
                /(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*)?(\+[0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*)?/
        ) != nil
    }
}
