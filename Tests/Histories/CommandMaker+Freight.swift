import EventLog
import Expressions
import PromotionModel

/// Commands that configure, discover, and make or mark freight.
extension CommandMaker {
    mutating func apply(isPlain: Bool) -> ApplyManifests {
        var variant = PipelineVariant(
            project: project,
            random: SeededGenerator(seed: random.next()),
            isPlain: isPlain
        )
        var resources = variant.resources()
        if !isPlain, chance(20) {
            // What is left out may leave others without an origin or an upstream stage.
            resources.remove(at: Int.random(in: resources.indices, using: &random))
        }
        if !isPlain, chance(5), let last = resources.last { resources.append(last) }
        return ApplyManifests(resources: resources, prune: chance(30))
    }

    /// A look that finds the newest commits of each subscription: a new one, or an older one
    /// first, because somebody rewrote the branch.
    mutating func discovery() -> Command {
        let warehouse = someWarehouse()
        let findings = Pipelines.subscriptions(of: warehouse).map { subscription in
            let newest = facts.warehouseState(warehouse, in: project).discovered.rawValue
            let number = chance(80) ? newest + 1 : max(1, newest) / 2
            var artifacts = (0..<UInt64.random(in: 1...3, using: &random)).map { age in
                commit(number + 100 - age, of: warehouse, subscription)
            }
            if chance(5) { artifacts = [] }
            return SubscriptionFinding(
                subscription: subscription.name,
                repoURL: subscription.repoURL,
                artifacts: artifacts
            )
        }
        return .recordDiscovery(
            RecordDiscovery(project: someProject(), warehouse: warehouse, findings: findings)
        )
    }

    private func commit(
        _ number: UInt64,
        of warehouse: WarehouseName,
        _ subscription: Subscription
    ) -> Artifact {
        let digits = Digest.sha256(Array("\(subscription.repoURL) \(number)".utf8)).hex
        return Artifact(
            commit: CommitArtifact(
                repoURL: subscription.repoURL,
                id: String(digits.prefix(40)),
                branch: "main"
            )
        )
    }

    mutating func discoveryFailure() -> Command {
        .recordDiscoveryFailure(
            RecordDiscoveryFailure(
                project: someProject(),
                warehouse: someWarehouse(),
                message: pick(["no network", "no such branch"])
            )
        )
    }

    mutating func creation() -> Command {
        .createFreight(CreateFreight(project: someProject(), warehouse: someWarehouse()))
    }

    mutating func assembly() -> Command {
        let warehouse = someWarehouse()
        return .assembleFreight(
            AssembleFreight(
                project: someProject(),
                warehouse: warehouse,
                versions: versions(of: warehouse)
            )
        )
    }

    mutating func derivation() -> Command {
        .deriveFreight(
            DeriveFreight(
                project: someProject(),
                freight: someFreight(),
                versions: versions(of: pick(names.warehouses))
            )
        )
    }

    /// A discovered version of each subscription or of one, or some that nobody has seen.
    private mutating func versions(of warehouse: WarehouseName) -> [VersionChoice] {
        let known = facts.warehouseState(warehouse, in: project).findings
        var choices: [VersionChoice] = []
        for subscription in Pipelines.subscriptions(of: warehouse) where chance(80) {
            let found = known.first { $0.repoURL == subscription.repoURL }?.artifacts ?? []
            let seen = found.randomElement(using: &random)?.commit?.id ?? "main"
            let digit = pick(["a", "b", "c"])
            choices.append(
                VersionChoice(
                    artifact: chance(3) ? "nothing" : subscription.repoURL,
                    version: .named(
                        pick([seen, seen, String(seen.prefix(12)), "v1", "\(digit)0\(digit)1"])
                    )
                )
            )
            if chance(20) {
                let id = String(repeating: digit, count: 40)
                choices[choices.count - 1] = VersionChoice(
                    artifact: subscription.repoURL,
                    version: .named(id)
                )
            }
        }
        if chance(3), let first = choices.first { choices.append(first) }
        return choices
    }

    mutating func alias() -> Command {
        .setFreightAlias(
            SetFreightAlias(
                project: someProject(),
                freight: someFreight(),
                alias: pick(["candidate", "broken", "train-1", "train-2", "Not An Alias"])
            )
        )
    }

    mutating func metadata() -> Command {
        let size = chance(3) ? 70_000 : 5
        return .setFreightMetadata(
            SetFreightMetadata(
                project: someProject(),
                freight: someFreight(),
                key: pick(["ticket", "ticket", "notes", ""]),
                value: .string(String(repeating: pick(["a", "b"]), count: size)),
                promotion: chance(20) ? somePromotion() : nil
            )
        )
    }

    mutating func approval() -> Command {
        .approveFreight(
            ApproveFreight(
                project: someProject(),
                freight: someFreight(),
                consumer: someConsumer()
            )
        )
    }

    /// Of something that is approved, mostly.
    mutating func revocation() -> Command {
        let (facts, project) = (facts, project)
        let id = someFreightID { !facts.freightStatus($0, in: project).approved.isEmpty }
        let approved = id.flatMap {
            facts.freightStatus($0, in: project).approved.randomElement(using: &random)
        }
        if chance(80), let id, let approved, let consumer = Consumer(approved.consumer) {
            return .revokeApproval(
                RevokeApproval(project: project, freight: id.rawValue, consumer: consumer)
            )
        }
        return .revokeApproval(
            RevokeApproval(
                project: someProject(),
                freight: someFreight(),
                consumer: someConsumer()
            )
        )
    }

    mutating func quarantine() -> Command {
        .quarantineFreight(
            QuarantineFreight(project: someProject(), freight: someFreight())
        )
    }

    mutating func lifting() -> Command {
        let (facts, project) = (facts, project)
        let id = someFreightID { facts.freightStatus($0, in: project).quarantine != nil }
        if chance(80), let id {
            return .liftQuarantine(LiftQuarantine(project: project, freight: id.rawValue))
        }
        return .liftQuarantine(LiftQuarantine(project: someProject(), freight: someFreight()))
    }
}
