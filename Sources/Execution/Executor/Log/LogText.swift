import Foundation

/// What the executor itself writes into a log.
enum LogText {
    private static let rule = String(repeating: "*", count: 39)

    static func banner(job: Int, step: String, tool: String, version: String) -> String {
        """
        \(rule)
        Initializing Terrakube Job \(job) Step \(step)
        Running \(tool.capitalized) \(version)
        \(rule)

        """
    }

    static func heading(_ text: String) -> String {
        "\(rule)\n\(text)\n\(rule)\n"
    }

    /// In red, as Terraform writes its own.
    static func error(_ message: String) -> String {
        "\u{1B}[31mError: \(message)\u{1B}[0m\n"
    }

    /// In yellow.
    static func warning(_ message: String) -> String {
        "\u{1B}[33mWarning: \(message)\u{1B}[0m\n"
    }
}
