package import JSONAPI

extension StateDocument {
    /// The state in the form of `terraform show -json`, without running Terraform.
    /// Source: <https://developer.hashicorp.com/terraform/internals/json-format#state-representation>.
    package var shown: JSONValue {
        let instances = (root["resources"]?.array ?? []).flatMap(StateInstance.all).sorted()
        let outputs = outputs
        guard instances.isEmpty == false || outputs.isEmpty == false else { return ["format_version": "1.0"] }
        var values: [String: JSONValue] = ["root_module": Self.module(address: "", instances: instances[...])]
        if outputs.isEmpty == false { values["outputs"] = .object(outputs) }
        return ["format_version": "1.0", "terraform_version": .string(terraformVersion), "values": .object(values)]
    }

    private static func module(address: String, instances: ArraySlice<StateInstance>) -> JSONValue {
        var shown: [String: JSONValue] = address.isEmpty ? [:] : ["address": .string(address)]
        let own = instances.filter { $0.module == address }
        if own.isEmpty == false { shown["resources"] = .array(own.map(\.shown)) }
        let children = Dictionary(grouping: instances.filter { $0.module != address }) { child(of: address, on: $0.module) }
        if children.isEmpty == false {
            shown["child_modules"] = .array(
                children.sorted { $0.key.isBefore($1.key) }.map { module(address: $0.key, instances: $0.value[...]) }
            )
        }
        return .object(shown)
    }

    /// The direct child of `parent` that leads to `module`, such as `module.a["x.y"]` for `module.a["x.y"].module.b`.
    private static func child(of parent: String, on module: String) -> String {
        let rest = parent.isEmpty ? module[...] : module.dropFirst(parent.count + 1)
        var isQuoted = false
        var isEscaped = false
        var dots = 0
        let end = rest.firstIndex { character in
            if character == "\"", isEscaped == false { isQuoted.toggle() }
            isEscaped = character == "\\" && isEscaped == false
            if character == ".", isQuoted == false { dots += 1 }
            return dots == 2
        }
        return String(module[..<(end ?? module.endIndex)])
    }
}

extension String {
    /// In the order of their bytes, as Terraform sorts.
    func isBefore(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
