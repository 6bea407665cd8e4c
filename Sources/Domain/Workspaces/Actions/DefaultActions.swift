import Database

/// The actions that a new database has. The ids are those that clients know (api.md §1.20); what they do is a link, as a
/// URI template (RFC 6570) over the resource that is looked at: declared, not programmed.
enum DefaultActions {
    private struct Seed {
        let id: String
        let type: String
        let name: String
        let label: String
        let category: String
        let description: String
        let link: String
        let provider: String?
        let isActive: Bool
    }

    private static let seeds = [
        Seed(
            id: "terrakube.open-documentation",
            type: "Workspace/ResourceDrawer/Action",
            name: "Open documentation",
            label: "Documentation",
            category: "General",
            description: "The documentation of the resource's provider",
            link: "https://registry.terraform.io/providers/{+provider}/latest/docs",
            provider: nil,
            isActive: true
        ),
        Seed(
            id: "terrakube.resource-details",
            type: "Workspace/ResourceDrawer/Tab",
            name: "Resource details",
            label: "Details",
            category: "General",
            description: "What the state says about the resource",
            link: "#{address}",
            provider: nil,
            isActive: true
        ),
        Seed(
            id: "terrakube.open-azure",
            type: "Workspace/ResourceDrawer/Action",
            name: "Open in the Azure portal",
            label: "Azure portal",
            category: "Azure",
            description: "The resource in the Azure portal",
            link: "https://portal.azure.com/#resource{+id}/overview",
            provider: "azurerm",
            isActive: false
        ),
        Seed(
            id: "terrakube.restart-vm-azure",
            type: "Workspace/ResourceDrawer/Action",
            name: "Restart in the Azure portal",
            label: "Restart",
            category: "Azure",
            description: "The page of the Azure portal where the virtual machine can be restarted",
            link: "https://portal.azure.com/#resource{+id}/overview",
            provider: "azurerm",
            isActive: false
        ),
        Seed(
            id: "terrakube.azure-monitor",
            type: "Workspace/ResourceDrawer/Tab",
            name: "Azure Monitor",
            label: "Monitor",
            category: "Azure",
            description: "The metrics of the resource in the Azure portal",
            link: "https://portal.azure.com/#resource{+id}/metrics",
            provider: "azurerm",
            isActive: false
        ),
        Seed(
            id: "terrakube.open-ai",
            type: "Workspace/Action",
            name: "Ask an assistant",
            label: "Assistant",
            category: "General",
            description: "An assistant to ask about Terraform",
            link: "https://chatgpt.com/",
            provider: nil,
            isActive: false
        ),
    ]

    /// Part of a migration: what was released must not change.
    static let statements: [SQL] = seeds.map { seed in
        let criteria = seed.provider.map { "[{\"filter\":\"provider\",\"equals\":\"\($0)\"}]" } ?? "[{\"filter\":\"true\"}]"
        return """
            INSERT INTO action (id, type, action, display_criteria, name, label, category, description, version, active,
                created_date, created_by, updated_date, updated_by)
            VALUES (\(seed.id), \(seed.type), \("{\"link\":\"\(seed.link)\"}"), \(criteria), \(seed.name), \(seed.label),
                \(seed.category), \(seed.description), '1.0.0', \(seed.isActive), \(date), 'Internal', \(date), 'Internal')
            """
    }

    /// 2026-11-24T00:00:00Z, in milliseconds.
    private static let date = 1_795_478_400_000
}
