package import Foundation
package import JSONAPI

/// A raw Terraform state (format version 4), opened.
package struct StateDocument: Sendable {
    package let serial: Int
    package let lineage: String
    package let terraformVersion: String
    let root: JSONValue

    /// - Throws: `APIError` 400 when the bytes are no state that we know.
    package init(_ data: Data) throws {
        guard
            let root = try? JSONValue(parsing: data), root["version"]?.integer == 4,
            let serial = root["serial"]?.integer, serial >= 0, let lineage = root["lineage"]?.string, lineage.isEmpty == false
        else { throw APIError.badRequest("The body is no Terraform state of format version 4.") }
        self.root = root
        self.serial = Int(serial)
        self.lineage = lineage
        self.terraformVersion = root["terraform_version"]?.string ?? ""
    }

    /// The state in the form of `terraform show -json`, without running Terraform.
    /// Source: <https://developer.hashicorp.com/terraform/internals/json-format#state-representation>.
    package var shown: JSONValue {
        let instances = (root["resources"]?.array ?? []).flatMap(Self.instances)
        let isEmpty = instances.isEmpty && (root["outputs"]?.object ?? [:]).isEmpty
        var document: [String: JSONValue] = ["format_version": "1.0", "terraform_version": .string(terraformVersion)]
        if isEmpty == false {
            var values: [String: JSONValue] = ["root_module": Self.module(address: "", instances: instances)]
            if let outputs = root["outputs"]?.object, outputs.isEmpty == false {
                values["outputs"] = .object(outputs.mapValues(Self.output))
            }
            document["values"] = .object(values)
        }
        return .object(document)
    }

    /// The root module's outputs by name.
    package var outputs: [String: JSONValue] {
        (root["outputs"]?.object ?? [:]).mapValues(Self.output)
    }

    private static func output(_ stored: JSONValue) -> JSONValue {
        .object([
            "sensitive": stored["sensitive"] ?? false,
            "value": stored["value"] ?? .null,
            "type": stored["type"] ?? "dynamic",
        ])
    }

    // MARK: Resources

    private struct Instance {
        let module: String
        let address: String
        let shown: JSONValue
    }

    private static func instances(of resource: JSONValue) -> [Instance] {
        let module = resource["module"]?.string ?? ""
        let mode = resource["mode"]?.string ?? "managed"
        let type = resource["type"]?.string ?? ""
        let name = resource["name"]?.string ?? ""
        let prefix = (module.isEmpty ? "" : module + ".") + (mode == "data" ? "data." : "") + "\(type).\(name)"
        return (resource["instances"]?.array ?? []).map { instance in
            let index = instance["index_key"]
            let address = prefix + (index.map(bracketed) ?? "")
            var shown: [String: JSONValue] = [
                "address": .string(address),
                "mode": .string(mode),
                "type": .string(type),
                "name": .string(name),
                "provider_name": .string(providerName(resource["provider"]?.string ?? "")),
                "schema_version": instance["schema_version"] ?? 0,
                "values": instance["attributes"] ?? [:],
                "sensitive_values": sensitiveValues(of: instance),
            ]
            if let index { shown["index"] = index }
            if let dependencies = instance["dependencies"]?.array, dependencies.isEmpty == false {
                shown["depends_on"] = .array(dependencies)
            }
            if let deposed = instance["deposed"]?.string { shown["deposed_key"] = .string(deposed) }
            if instance["status"]?.string == "tainted" { shown["tainted"] = true }
            return Instance(module: module, address: address, shown: .object(shown))
        }
    }

    private static func bracketed(_ index: JSONValue) -> String {
        switch index {
        case .integer(let number): "[\(number)]"
        case .string(let key): "[\"\(key)\"]"
        default: ""
        }
    }

    /// `provider["registry.terraform.io/hashicorp/aws"].alias` → the address between the quotes.
    private static func providerName(_ reference: String) -> String {
        let parts = reference.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count >= 2 ? String(parts[1]) : reference
    }

    /// True at each path that the state marks as sensitive, in nested objects like the values themselves.
    private static func sensitiveValues(of instance: JSONValue) -> JSONValue {
        var result: JSONValue = instance["attributes"].map(emptied) ?? [:]
        for path in instance["sensitive_attributes"]?.array ?? [] {
            result.mark(path.array ?? [])
        }
        return result
    }

    /// Containers stay, so that paths can be marked in them; leaves go.
    private static func emptied(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                members.compactMapValues { member in
                    switch member {
                    case .object, .array: emptied(member)
                    default: nil
                    }
                }
            )
        case .array(let elements): .array(elements.map(emptied))
        default: false
        }
    }

    // MARK: Modules

    private static func module(address: String, instances: [Instance]) -> JSONValue {
        var shown: [String: JSONValue] = address.isEmpty ? [:] : ["address": .string(address)]
        let own = instances.filter { $0.module == address }.sorted { $0.address < $1.address }
        if own.isEmpty == false { shown["resources"] = .array(own.map(\.shown)) }
        let children = Set(instances.compactMap { child(of: address, on: $0.module) }).sorted()
        if children.isEmpty == false {
            shown["child_modules"] = .array(
                children.map { child in
                    module(address: child, instances: instances.filter { $0.module == child || $0.module.hasPrefix(child + ".") })
                }
            )
        }
        return .object(shown)
    }

    /// The direct child of `parent` that leads to `module`, such as `module.a["x.y"]` for `module.a["x.y"].module.b`.
    private static func child(of parent: String, on module: String) -> String? {
        guard module != parent, parent.isEmpty || module.hasPrefix(parent + ".") else { return nil }
        let rest = parent.isEmpty ? module[...] : module.dropFirst(parent.count + 1)
        var isQuoted = false
        var dots = 0
        let end = rest.firstIndex { character in
            if character == "\"" { isQuoted.toggle() }
            if character == ".", isQuoted == false { dots += 1 }
            return dots == 2
        }
        let own = rest[..<(end ?? rest.endIndex)]
        return parent.isEmpty ? String(own) : "\(parent).\(own)"
    }
}

extension JSONValue {
    /// Sets `true` at a path of state steps, `{"type": "get_attr" | "index", "value": …}`.
    fileprivate mutating func mark(_ path: [JSONValue]) {
        guard let step = path.first else {
            self = true
            return
        }
        let rest = Array(path.dropFirst())
        switch (self, step["value"]) {
        case (.object(var members), .string(let key)?):
            members[key, default: [:]].mark(rest)
            self = .object(members)
        case (.array(var elements), let index?):
            let number = index.integer ?? index["value"]?.integer ?? -1
            guard elements.indices.contains(Int(number)) else { return }
            elements[Int(number)].mark(rest)
            self = .array(elements)
        case (.object(var members), let key?):
            guard let name = key["value"]?.string else { return }
            members[name, default: [:]].mark(rest)
            self = .object(members)
        default:
            return
        }
    }
}
