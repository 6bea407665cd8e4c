import JSONAPI

/// One instance of a resource in a state, and how it is shown.
struct StateInstance {
    /// The address of its module; empty for the root.
    let module: String
    let shown: JSONValue
    private let resource: String
    private let key: StateInstanceKey
    private let deposed: String

    /// The instances of one entry of the raw `resources`.
    static func all(of resource: JSONValue) -> [StateInstance] {
        (resource["instances"]?.array ?? []).map { StateInstance($0, of: resource) }
    }

    private init(_ instance: JSONValue, of resource: JSONValue) {
        module = resource["module"]?.string ?? ""
        let mode = resource["mode"]?.string ?? "managed"
        let type = resource["type"]?.string ?? ""
        let name = resource["name"]?.string ?? ""
        self.resource = (mode == "data" ? "data." : "") + "\(type).\(name)"
        key = StateInstanceKey(instance["index_key"])
        deposed = instance["deposed"]?.string ?? ""
        let attributes = (instance["attributes"]?.object ?? [:]).mapValues(\.withoutStoredType)
        var shown: [String: JSONValue] = [
            "address": .string((module.isEmpty ? "" : module + ".") + self.resource + key.text),
            "mode": .string(mode),
            "type": .string(type),
            "name": .string(name),
            "provider_name": .string(Self.providerName(resource["provider"]?.string ?? "")),
            "schema_version": instance["schema_version"] ?? 0,
            "values": .object(attributes),
            "sensitive_values": .sensitivity(of: .object(attributes), paths: instance["sensitive_attributes"]?.array ?? []),
        ]
        if let index = instance["index_key"] { shown["index"] = index }
        if let dependencies = instance["dependencies"]?.array, dependencies.isEmpty == false { shown["depends_on"] = .array(dependencies) }
        if deposed.isEmpty == false { shown["deposed_key"] = .string(deposed) }
        if instance["status"]?.string == "tainted" { shown["tainted"] = true }
        self.shown = .object(shown)
    }

    /// `provider["registry.terraform.io/hashicorp/aws"].alias` → the address between the quotes.
    private static func providerName(_ reference: String) -> String {
        let parts = reference.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count >= 2 ? String(parts[1]) : reference
    }
}

extension StateInstance: Comparable {
    static func < (left: StateInstance, right: StateInstance) -> Bool {
        if left.resource != right.resource { return left.resource.isBefore(right.resource) }
        if left.key != right.key { return left.key < right.key }
        return left.deposed.isBefore(right.deposed)
    }

    static func == (left: StateInstance, right: StateInstance) -> Bool {
        left.module == right.module && left.shown == right.shown
    }
}

/// What tells the instances of a resource apart: nothing, a number of `count`, or a key of `for_each`.
enum StateInstanceKey: Comparable {
    case none
    case number(Int64)
    case text(String)

    init(_ stored: JSONValue?) {
        switch stored {
        case .integer(let number): self = .number(number)
        case .string(let key): self = .text(key)
        default: self = .none
        }
    }

    /// As it stands in an address.
    var text: String {
        switch self {
        case .none: ""
        case .number(let number): "[\(number)]"
        case .text(let key): "[\"\(Self.quoted(key))\"]"
        }
    }

    static func < (left: StateInstanceKey, right: StateInstanceKey) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.text(let left), .text(let right)): left.isBefore(right)
        case (.none, .number), (.none, .text), (.number, .text): true
        default: false
        }
    }

    /// The inside of a quoted HCL template.
    /// Source: <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#template-expressions>.
    private static func quoted(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        return scalars.indices.reduce(into: "") { result, index in
            let scalar = scalars[index]
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "$", "%":
                result.unicodeScalars.append(scalar)
                if index + 1 < scalars.count, scalars[index + 1] == "{" { result.unicodeScalars.append(scalar) }
            case _ where scalar.isPrintable:
                result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                let width = scalar.value < 0x10000 ? 4 : 8
                result += (width == 4 ? "\\u" : "\\U") + String(repeating: "0", count: width - digits.count) + digits
            }
        }
    }
}

extension Unicode.Scalar {
    /// Letters, marks, numbers, punctuation, symbols and the ASCII space: what Terraform does not escape.
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .spaceSeparator: self == " "
        case .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
