import Foundation
import Wire

/// Hands the Terraform variables of a job over without the command line, where everybody on the machine could read
/// them.
///
/// A plain value travels as `TF_VAR_name`: Terraform converts it by the declared type exactly as it does with `-var`,
/// and ignores it silently when the configuration does not declare it. An HCL value goes to a generated `.auto.tfvars`
/// file, because only there it is an expression whatever the declared type is. A plain value goes there too, as a string,
/// when a values file of the repository sets the same variable: the file would win over the environment otherwise.
struct TerraformVariables: Sendable {
    /// Terraform reads these files in alphabetical order, and the last one wins.
    static let fileName = "zz_terrakube.auto.tfvars"

    let environment: [String: String]
    /// The content of the generated file; nil when there is nothing to say in it.
    let file: String?

    /// - Parameter valuesFiles: The contents of the values files that the repository brings along.
    /// - Throws: `StepFailure` for a name that Terraform could not read.
    init(_ variables: [JobVariable], valuesFiles: [String]) throws {
        var environment: [String: String] = [:]
        var lines: [String] = []
        for variable in variables {
            guard Self.isName(variable.key) else {
                throw StepFailure("\(variable.key.debugDescription) cannot be the name of a Terraform variable.")
            }
            if variable.isHCL {
                lines.append("\(variable.key) = \(variable.value)")
            } else if valuesFiles.contains(where: { Self.sets(variable.key, in: $0) }) {
                lines.append("\(variable.key) = \(Self.quoted(variable.value))")
            } else {
                environment["TF_VAR_\(variable.key)"] = variable.value
            }
        }
        self.environment = environment
        file = lines.isEmpty ? nil : lines.joined(separator: "\n") + "\n"
    }

    /// The values files that Terraform reads by itself.
    static func valuesFiles(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { name in
            ["terraform.tfvars", "terraform.tfvars.json"].contains(name)
                || (name != fileName && (name.hasSuffix(".auto.tfvars") || name.hasSuffix(".auto.tfvars.json")))
        }.compactMap { try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
    }

    /// An identifier as HCL has them.
    private static func isName(_ key: String) -> Bool {
        guard let first = key.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return false }
        return key.unicodeScalars.allSatisfy { $0 == "_" || $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType != nil }
    }

    /// Whether a values file, HCL or JSON, seems to set a variable. Being wrong costs nothing but the difference
    /// between a string in the environment and one in a file.
    private static func sets(_ key: String, in text: String) -> Bool {
        text.split(whereSeparator: { $0.isNewline || $0 == "{" || $0 == "," }).contains { line in
            var rest = line.drop(while: \.isWhitespace)
            if rest.first == "\"" { rest.removeFirst() }
            guard rest.hasPrefix(key) else { return false }
            rest = rest.dropFirst(key.count)
            if rest.first == "\"" { rest.removeFirst() }
            return rest.first { !$0.isWhitespace }.map { $0 == "=" || $0 == ":" } ?? false
        }
    }

    /// A quoted template without any interpolation.
    private static func quoted(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text.replacingOccurrences(of: "${", with: "$${").replacingOccurrences(of: "%{", with: "%%{") + "\""
    }
}
