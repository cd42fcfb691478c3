import EventLog
import Ledger
import LedgerServer
import PromotionModel
import Secrets

/// What the server needs of the automation's process in order to take webhooks.
enum Webhooks {
    /// The keys of a secret under which Kargo's receivers have what senders sign with.
    private static let keys = ["secret", "secret-token"]

    /// Secrets from beside the ledger, and looks by a conductor.
    static func settings(of ledger: Ledger, _ conductor: Conductor) -> WebhookSettings {
        let store = KeyStore(
            directory: ledger.log.path,
            environment: Environment.ofWaybill()
        )
        return WebhookSettings(
            secret: { project, hook in
                guard NameRule.isName(hook) else { return nil }
                let found = try store.keys(.secret, hook, in: project.rawValue) ?? [:]
                return keys.compactMap { found[$0] }.first
            },
            look: { project, warehouses in
                await conductor.lookSoon(at: warehouses, in: project)
            }
        )
    }
}
