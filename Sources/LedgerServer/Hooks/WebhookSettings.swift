package import PromotionModel

/// What the server needs in order to take webhooks.
package struct WebhookSettings: Sendable {
    /// The secret that a hook of a project is signed with; nil if there is none.
    package let secret: @Sendable (ProjectName, _ hook: String) throws -> String?
    /// Has warehouses looked at as soon as may be.
    package let look: @Sendable (ProjectName, [WarehouseName]) async -> Void

    /// Secrets from there, and looks by that.
    package init(
        secret: @escaping @Sendable (ProjectName, _ hook: String) throws -> String?,
        look: @escaping @Sendable (ProjectName, [WarehouseName]) async -> Void
    ) {
        self.secret = secret
        self.look = look
    }
}
