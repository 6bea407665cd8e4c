/// The relationships to follow, as `include` names them: `a,b.c` is a tree with the branches `a` and `b`, `c` below `b`.
struct IncludeTree: Sendable, Equatable {
    static let maximumPaths = 20
    static let maximumDepth = 6

    private(set) var children: [String: IncludeTree] = [:]

    var isEmpty: Bool { children.isEmpty }

    /// By name, so that documents are stable.
    var branches: [(name: String, tree: IncludeTree)] {
        children.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    init() {}

    init(parsing text: String) throws(APIError) {
        let paths = text.split(separator: ",")
        guard paths.count <= Self.maximumPaths else {
            throw .badRequest("include takes at most \(Self.maximumPaths) paths.", parameter: "include")
        }
        for path in paths {
            let names = path.trimmingSpaces.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard names.count <= Self.maximumDepth else {
                throw .badRequest("A path of include has at most \(Self.maximumDepth) relationships.", parameter: "include")
            }
            insert(names[...])
        }
    }

    private mutating func insert(_ path: ArraySlice<String>) {
        guard let first = path.first else { return }
        children[first, default: IncludeTree()].insert(path.dropFirst())
    }
}

extension Substring {
    var trimmingSpaces: Substring {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
