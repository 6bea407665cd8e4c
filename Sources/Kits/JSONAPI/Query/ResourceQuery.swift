/// What a request asks for beside its path, checked against the declared types.
struct ResourceQuery: Sendable {
    /// Filters of the list that the path names.
    private(set) var primaryFilters: [Filter] = []
    /// Filters of other types, by type: they narrow linkage and inclusion.
    private(set) var filters: [String: Filter] = [:]
    private(set) var sort: [SortKey] = []
    /// Nil when the request asks for no inclusion.
    private(set) var include: IncludeTree?
    /// The attributes and relationships to show, by type. A type without an entry shows all.
    private(set) var fields: [String: Set<String>] = [:]
    private(set) var page = ResourcePage.none

    struct Filter: Sendable {
        let expression: RSQL
        /// The query parameter that it came in.
        let parameter: String
    }

    struct SortKey: Sendable, Equatable {
        let path: [String]
        let isDescending: Bool
    }

    static let maximumSortKeys = 8

    init() {}

    /// - Parameters:
    ///   - type: What the path names.
    ///   - isList: Whether the path names many of them; only then filters of `type` narrow the primary data.
    /// - Throws: `APIError` 400 that names the parameter.
    init<Caller>(
        _ query: QueryString,
        of type: ResourceType<Caller>,
        isList: Bool,
        in catalogue: ResourceCatalogue<Caller>
    ) throws(APIError) {
        var pages: [String: String] = [:]
        for (name, value) in query.parameters {
            switch ParameterName(name) {
            case .plain("sort"): sort = try Self.sortKeys(value)
            case .plain("include"): include = try IncludeTree(parsing: value)
            case .plain("filter"):
                guard isList else { throw .badRequest("Only lists can be filtered; name the type as in filter[type].", parameter: name) }
                primaryFilters.append(Filter(expression: try RSQL(parsing: value, parameter: name), parameter: name))
            case .bracketed("filter", let key):
                try Self.check(key, isTypeIn: catalogue, parameter: name)
                let filter = Filter(expression: try RSQL(parsing: value, parameter: name), parameter: name)
                if isList, key == type.name { primaryFilters.append(filter) } else { filters[key] = filter }
            case .bracketed("fields", let key):
                fields[key] = try Self.fields(value, of: key, in: catalogue, parameter: name)
            case .bracketed("page", let key): pages[key] = value
            default: throw .badRequest("Found undefined keys in request: \(name.quotable)", parameter: name.quotable)
            }
        }
        page = try ResourcePage(pages)
        switch page.position {
        case .after, .before:
            guard sort.isEmpty else { throw .badRequest("Cursors follow the order of ids and exclude sort.", parameter: "sort") }
        case .none, .offset: break
        }
        if let include { try Self.check(include, of: type, in: catalogue) }
    }

    private enum ParameterName {
        case plain(String)
        case bracketed(String, String)

        init(_ name: String) {
            let parts = name.split(separator: "[", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[1].hasSuffix("]") {
                self = .bracketed(String(parts[0]), String(parts[1].dropLast()))
            } else {
                self = .plain(name)
            }
        }
    }

    private static func sortKeys(_ text: String) throws(APIError) -> [SortKey] {
        let keys = text.split(separator: ",").map { key in
            let trimmed = key.trimmingSpaces
            let name = trimmed.hasPrefix("-") || trimmed.hasPrefix("+") ? trimmed.dropFirst() : trimmed
            return SortKey(
                path: name.split(separator: ".", omittingEmptySubsequences: false).map(String.init),
                isDescending: trimmed.hasPrefix("-")
            )
        }
        guard keys.count <= maximumSortKeys else {
            throw .badRequest("sort takes at most \(maximumSortKeys) keys.", parameter: "sort")
        }
        return keys
    }

    private static func fields<Caller>(
        _ text: String,
        of name: String,
        in catalogue: ResourceCatalogue<Caller>,
        parameter: String
    ) throws(APIError) -> Set<String> {
        guard let type = catalogue.types[name] else { throw unknownType(name, parameter) }
        let names = Set(text.split(separator: ",").map { String($0.trimmingSpaces) })
        for field in names.sorted() where type.attributesByName[field] == nil && type.relationshipsByName[field] == nil {
            throw .badRequest("Unknown attribute \(field.quotable) in \(name)", parameter: parameter)
        }
        return names
    }

    private static func check<Caller>(
        _ name: String,
        isTypeIn catalogue: ResourceCatalogue<Caller>,
        parameter: String
    ) throws(APIError) {
        guard catalogue.types[name] != nil else { throw unknownType(name, parameter) }
    }

    private static func unknownType(_ name: String, _ parameter: String) -> APIError {
        .badRequest("Unknown collection \(name.quotable)", parameter: parameter.quotable)
    }

    private static func check<Caller>(
        _ tree: IncludeTree,
        of type: ResourceType<Caller>,
        in catalogue: ResourceCatalogue<Caller>
    ) throws(APIError) {
        for (name, branch) in tree.branches {
            guard let relationship = type.relationshipsByName[name], let target = catalogue.types[relationship.target] else {
                throw .badRequest("Unknown relationship \(name.quotable) in \(type.name)", parameter: "include")
            }
            try check(branch, of: target, in: catalogue)
        }
    }
}
