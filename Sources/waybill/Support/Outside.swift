import Discovery
import EventLog
import Ledger
import PromotionModel
import PromotionRunner
import Secrets

/// What lies around a ledger: caches, work, secrets, credentials; and how others are reached.
struct Outside {
    /// The directory of the ledger, absolute and without links: programs run elsewhere.
    private let directory: String
    private let allowFileRepositories: Bool
    private let keys: KeyStore

    init(_ ledger: Ledger, allowFileRepositories: Bool) throws {
        directory = try WorkDirectories.resolved(ledger.log.path)
        self.allowFileRepositories = allowFileRepositories
        keys = KeyStore(directory: directory, environment: Environment.ofWaybill())
    }

    /// Looks at repositories, and keeps what it knows of them under `cache`.
    func discovery() throws -> WarehouseDiscovery {
        var options = DiscoveryOptions()
        options.allowFileRepositories = allowFileRepositories
        options.credentials = RepositoryCredentials(keys)
        return WarehouseDiscovery(
            cacheDirectory: try WorkDirectories.make("cache", in: directory),
            options: options
        )
    }

    /// Performs promotions under `work`.
    func runner(
        of ledger: Ledger,
        submit: @escaping Submit,
        load: @escaping PromotionRunner.Load,
        loadVerification: @escaping PromotionRunner.LoadVerification
    ) throws -> PromotionRunner {
        var options = RunnerOptions()
        options.allowFileRepositories = allowFileRepositories
        options.sources.keys = keys
        options.sources.credentials = RepositoryCredentials(keys)
        options.sources.privateDirectory = try WorkDirectories.make("private", in: directory)
        options.sources.freight = { project, name in
            try ledger.read { (view) throws(LedgerError) in
                try view.ask { facts throws(FactsFailure) in
                    try facts.notes(ofFreight: name, in: project)
                }
            }
        }
        return PromotionRunner(
            workDirectory: try WorkDirectories.make("work", in: directory),
            submit: submit,
            load: load,
            loadVerification: loadVerification,
            options: options
        )
    }

    /// Whether there is a secret or map of settings; nil for what all projects share.
    static func hasKeys(
        _ kind: KeyKind,
        _ name: String,
        in project: ProjectName?,
        besideLedgerAt path: String
    ) -> Bool {
        let store = KeyStore(directory: path, environment: Environment.ofWaybill())
        do {
            return try store.keys(kind, name, in: project?.rawValue) != nil
        } catch {
            // It is there, and a promotion will say what is wrong with it.
            return true
        }
    }
}
