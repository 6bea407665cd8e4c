import JSONAPI

/// The changes of a plan in the form in which Terrakube's pages show them (executor.md §4.10), from `terraform show -json`.
/// Source: <https://developer.hashicorp.com/terraform/internals/json-format#plan-representation>.
enum PlanChanges {
    /// Everything that the plan does; resources that stay as they are are left out.
    static func list(in plan: JSONValue) -> [JSONValue] {
        let drifts = drifts(in: plan)
        return (plan["resource_changes"]?.array ?? []).compactMap { resource in
            let change = resource["change"] ?? [:]
            let actions = change["actions"]?.array?.compactMap(\.string) ?? []
            let action = label(actions, isImported: change["importing"]?.object != nil)
            guard action != "no-op" else { return nil }
            let address = resource["address"]?.string ?? ""
            let members: [String: JSONValue?] = [
                "address": .string(address),
                "moduleAddress": resource["module_address"],
                "resourceType": resource["type"],
                "resourceName": resource["name"],
                "actions": .array(actions.map(JSONValue.string)),
                "action": .string(action),
                "before": change["before"],
                "beforeSensitive": change["before_sensitive"],
                "after": change["after"],
                "afterSensitive": change["after_sensitive"],
                "afterUnknown": change["after_unknown"],
                "importing": change["importing"],
                "driftAction": drifts[address].map(JSONValue.string),
                "status": "planned",
            ]
            return .object(members.compactMapValues { $0 })
        }
    }

    /// What happened to resources outside of Terraform, by address.
    private static func drifts(in plan: JSONValue) -> [String: String] {
        let pairs = (plan["resource_drift"]?.array ?? []).compactMap { resource -> (String, String)? in
            guard let address = resource["address"]?.string else { return nil }
            let actions = resource["change"]?["actions"]?.array?.compactMap(\.string) ?? []
            return (address, label(actions, isImported: false))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private static func label(_ actions: [String], isImported: Bool) -> String {
        if Set(actions) == ["create", "delete"] { return "replace" }
        if isImported, actions == ["no-op"] { return "import" }
        return actions.first ?? "unknown"
    }
}
