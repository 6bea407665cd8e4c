import Database

/// Which part of a list the client wants: `page[…]`.
struct ResourcePage: Sendable, Equatable {
    /// What a client gets that pages without a size.
    static let defaultSize = 500
    /// The largest page, and also where a list without any page key is cut off.
    static let maximumSize = 10_000

    enum Position: Sendable, Equatable {
        /// No page key at all.
        case none
        case offset(Int)
        /// Rows after the one with this id, in the order of ids.
        case after(String?)
        /// Rows before the one with this id.
        case before(String?)
    }

    var position = Position.none
    var size = ResourcePage.maximumSize
    var wantsTotals = false

    static let none = ResourcePage()

    /// - Parameter parameters: The keys between the brackets with their values; empty means no paging.
    init(_ parameters: [String: String]) throws(APIError) {
        guard parameters.isEmpty == false else { return }
        func number(_ key: String, atLeast minimum: Int) throws(APIError) -> Int? {
            guard let text = parameters[key] else { return nil }
            guard let number = Int(text), number >= minimum else {
                throw .badRequest("\(text.quotable) is no whole number from \(minimum) on.", parameter: "page[\(key)]")
            }
            return number
        }
        var styles: Set<Style> = []
        for key in parameters.keys.sorted() {
            if let style = try Self.style(of: key) { styles.insert(style) }
        }
        guard styles.count <= 1 else {
            throw .badRequest("page[number], page[offset] and cursors exclude each other.", parameter: "page")
        }
        wantsTotals = parameters["totals"] != nil
        let sizes = [try number("size", atLeast: 1), try number("limit", atLeast: 1), try number("first", atLeast: 1)]
        let last = try number("last", atLeast: 1)
        size = sizes.compactMap(\.self).first ?? last ?? Self.defaultSize
        guard size <= Self.maximumSize else {
            throw .badRequest("A page has at most \(Self.maximumSize) resources.", parameter: "page")
        }
        switch styles.first {
        case .cursor:
            let isBackward = last != nil || parameters["before"] != nil
            guard isBackward == false || (sizes[2] == nil && parameters["after"] == nil) else {
                throw .badRequest("page[first] and page[after] exclude page[last] and page[before].", parameter: "page")
            }
            position = isBackward ? .before(parameters["before"]) : .after(parameters["after"])
        case .offset:
            position = .offset(try number("offset", atLeast: 0) ?? 0)
        case .number, nil:
            let (offset, overflows) = ((try number("number", atLeast: 1) ?? 1) - 1).multipliedReportingOverflow(by: size)
            guard overflows == false else { throw .badRequest("There is no such page.", parameter: "page[number]") }
            position = .offset(offset)
        }
    }

    private init() {}

    private enum Style {
        case number, offset, cursor
    }

    private static func style(of key: String) throws(APIError) -> Style? {
        switch key {
        case "totals": nil
        case "number", "size": .number
        case "offset", "limit": .offset
        case "first", "last", "after", "before": .cursor
        default: throw .badRequest("Found undefined keys in request: page[\(key.quotable)]", parameter: "page[\(key.quotable)]")
        }
    }
}
