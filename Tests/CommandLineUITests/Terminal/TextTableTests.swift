import Testing

@testable import CommandLineUI

struct TextTableTests {
    @Test("columns are as wide as their widest cell, and lines have no blanks at their end")
    func alignment() {
        var table = TextTable("NAME", "STATUS")
        table.add("a-long-name", "completed")
        table.add("ü")
        #expect(table.rendered() == "NAME         STATUS\na-long-name  completed\nü\n")
    }

    @Test("without rows there are the headers")
    func empty() {
        #expect(TextTable("ID", "NAME").rendered() == "ID  NAME\n")
    }

    @Test("a cell stays on its line and in its column")
    func hostileCells() {
        var table = TextTable("NAME", "ID")
        table.add("a\nb\u{1b}[2J", "1")
        #expect(table.rendered() == "NAME  ID\nab    1\n")
    }

    @Test("a row that is empty is an empty line")
    func emptyRow() {
        var table = TextTable("A")
        table.add("")
        #expect(table.rendered() == "A\n\n")
    }
}
