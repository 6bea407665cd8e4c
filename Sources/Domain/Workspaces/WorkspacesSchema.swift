package import Database

/// The migrations of this target's rooms, in the order in which their tables refer to each other.
package enum WorkspacesSchema {
    package static let migrations =
        TemplateSchema.migrations + VCSSchema.migrations + SSHKeySchema.migrations + WorkspaceSchema.migrations
        + VariableSchema.migrations + TagSchema.migrations + StateSchema.migrations + ProjectSchema.migrations
        + AccessSchema.migrations + AgentSchema.migrations + CollectionSchema.migrations
        + ModuleSchema.migrations + ProviderSchema.migrations + GitHubAppTokenSchema.migrations + WebhookSchema.migrations
        + ActionSchema.migrations + VCSSchema.connectionMigrations
}
