/// Rows in columns of equal width, for people and for `awk` alike: no frames, no colours, two spaces between columns.
struct TextTable: Sendable {
    private let headers: [String]
    private var rows: [[String]] = []

    init(_ headers: String...) {
        self.headers = headers
    }

    /// Missing cells are empty; what is over the last column is left out.
    mutating func add(_ cells: String...) {
        let clean = cells.prefix(headers.count).map(PlainText.line)
        rows.append(clean + Array(repeating: "", count: headers.count - clean.count))
    }

    /// With a line end after each row; only the headers when there are no rows.
    func rendered() -> String {
        let lines = [headers] + rows
        let widths = headers.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            let padded = zip(cells, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            let line = padded.joined(separator: "  ")
            return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)]) + "\n"
        }.joined()
    }
}
