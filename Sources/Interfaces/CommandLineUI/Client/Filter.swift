/// Conditions in the language of the API's `filter` parameter (RSQL).
enum Filter {
    /// A string as a filter writes one: quoted, with its quotes and backslashes escaped.
    ///
    /// A star matches anything, so a name that has one finds others too: compare what comes back.
    static func equals(_ attribute: String, _ value: String) -> String {
        let escaped = value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        return "\(attribute)=='\(escaped)'"
    }
}
