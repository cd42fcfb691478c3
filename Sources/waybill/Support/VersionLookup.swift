import Discovery
import EventLog
import Ledger
import PromotionModel
import Requests

/// Looks up in git repositories the versions of a command that nobody has discovered.
struct VersionLookup: Sendable {
    let ledger: Ledger
    let outside: Outside

    /// The same command, with the commits that its versions mean where these are not known.
    ///
    /// What cannot be looked up stays as it is, to be refused with what there is.
    func resolving(
        _ envelope: CommandEnvelope,
        in project: ProjectName
    ) async throws -> CommandEnvelope {
        var envelope = envelope
        for _ in 0..<1_000 {
            guard case .refused(let refusal) = try ledger.dryRun(envelope),
                case .unknownVersion(let version, let title, .commit, _) = refusal,
                let subscription = try subscription(title, for: envelope.command, in: project),
                let command = try await command(
                    envelope.command,
                    version,
                    subscription,
                    in: project
                )
            else { return envelope }
            envelope = CommandEnvelope(
                id: envelope.id,
                actor: envelope.actor,
                command: command,
                reason: envelope.reason
            )
        }
        return envelope
    }

    /// The command with the commit that `version` means in its place; nil where nothing is
    /// replaced.
    private func command(
        _ command: Command,
        _ version: String,
        _ subscription: Subscription,
        in project: ProjectName
    ) async throws -> Command? {
        let discovery = try outside.discovery()
        let commit: CommitArtifact
        do throws(DiscoveryError) {
            commit = try await discovery.commit(version, of: subscription, in: project)
        } catch {
            switch error {
            case .refusedURL, .unsupported: return nil
            case .noVersion, .ambiguousVersion:
                throw CommandFailure(.refused, "unknownVersion", error.description)
            default:
                throw CommandFailure(
                    .failure,
                    "lookupFailed",
                    "\(version) was not discovered, and cannot be looked up: \(error)"
                )
            }
        }
        func replaced(_ choices: [VersionChoice]) -> [VersionChoice] {
            choices.map { choice in
                guard choice.version == .named(version), subscription.isCalled(choice.artifact)
                else {
                    return choice
                }
                return VersionChoice(
                    artifact: choice.artifact,
                    version: .resolved(Artifact(commit: commit))
                )
            }
        }
        switch command {
        case .assembleFreight(let assemble):
            let versions = replaced(assemble.versions)
            guard versions != assemble.versions else { return nil }
            return .assembleFreight(
                AssembleFreight(
                    project: assemble.project,
                    warehouse: assemble.warehouse,
                    versions: versions
                )
            )
        case .deriveFreight(let derive):
            let versions = replaced(derive.versions)
            guard versions != derive.versions else { return nil }
            return .deriveFreight(
                DeriveFreight(project: derive.project, freight: derive.freight, versions: versions)
            )
        default: return nil
        }
    }

    /// The subscription whose repository a title stands for.
    private func subscription(
        _ title: String,
        for command: Command,
        in project: ProjectName
    ) throws -> Subscription? {
        try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                var warehouses: [WarehouseName] = []
                if case .assembleFreight(let assemble) = command {
                    warehouses = [assemble.warehouse]
                } else if case .deriveFreight(let derive) = command {
                    let found = try FreightReference.resolve(
                        derive.freight,
                        in: project,
                        facts: facts
                    )
                    if case .success(let id) = found,
                        let freight = try facts.freight(id, in: project)
                    {
                        let origins =
                            freight.isBundle ? freight.constituents.map(\.origin) : [freight.origin]
                        warehouses = origins.compactMap(\.warehouse)
                    }
                }
                for name in warehouses {
                    guard let row = try facts.warehouse(name, in: project) else { continue }
                    let match = row.spec.subscriptions.first { $0.isCalled(title) }
                    if let match { return match }
                }
                return nil
            }
        }
    }
}
