package import Database

/// The migrations of this target's rooms, in the order in which their tables refer to each other.
package enum IdentitySchema {
    package static let migrations =
        OrganizationSchema.migrations + TeamSchema.migrations + UserSchema.migrations + TokenSchema.migrations
        + SessionSchema.migrations + TeamTokenSchema.migrations + FederatedSchema.migrations + SingleSignOnSchema.migrations
}
