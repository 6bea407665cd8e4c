import ArgumentParser
import Foundation

/// In which form a verb answers.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Answer in JSON.")
    var json = false

    /// Prints items as a table or as JSON.
    ///
    /// - Parameter table: Made only when it is asked for.
    func print(_ items: some Encodable, table: () -> TextTable) throws {
        try print(items) { table().rendered() }
    }

    func print(_ item: some Encodable, text: () -> String) throws {
        let console = Console.standard(environment: ProcessInfo.processInfo.environment)
        guard json else { return console.write(text()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        console.line(String(decoding: try encoder.encode(item), as: UTF8.self))
    }
}
