package import PromotionModel
package import Secrets

/// Where steps find what their promotion does not carry: secrets, settings, other freight.
package struct StepSources: Sendable {
    /// What is kept beside the ledger; nil where nothing is.
    package var keys: KeyStore?
    /// How private repositories are entered; nil where all are public.
    package var credentials: RepositoryCredentials?
    /// What is noted of freight, by its id, Kargo's name or alias; nil where there is none.
    package var freight: @Sendable (ProjectName, String) throws -> FreightNotes?
    /// The absolute path of a folder for outputs that must not be in the ledger; nil where these
    /// need not outlive the process.
    package var privateDirectory: String?

    /// Sources of nothing.
    package init() {
        freight = { _, _ in nil }
    }
}
