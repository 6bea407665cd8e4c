/// A variable in clear, for the run of a job. It must not reach a response or a log.
package struct Variable: Sendable, Equatable {
    package enum Category: String, Sendable {
        case terraform = "TERRAFORM"
        case environment = "ENV"
    }

    package let key: String
    package let value: String
    package let category: Category
    package let isHCL: Bool
    package let isSensitive: Bool
}

extension [Variable] {
    /// The first source that names a key wins: workspace, then organization, then the collections that the workspace
    /// refers to, the highest priority first (api.md §1.7).
    package static func merging(_ sources: [[Variable]]) -> [Variable] {
        var seen: Set<String> = []
        return sources.joined().filter { seen.insert("\($0.category.rawValue)/\($0.key)").inserted }
    }
}
