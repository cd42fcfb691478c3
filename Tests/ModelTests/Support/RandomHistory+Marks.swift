import PromotionModel

extension RandomHistory {
    /// Marks of freight, and freight that is put together by hand.
    mutating func mark(_ facts: DictionaryFacts) -> Command {
        let project = Shop.project
        let freight = anyFreight(facts)
        let consumer: Consumer = pick([
            .stage(pick(stages)), .stage(pick(stages)), .junction(Shop.release),
        ])
        return switch Int.random(in: 0..<10, using: &generator) {
        case ..<3:
            .approveFreight(
                ApproveFreight(project: project, freight: freight, consumer: consumer)
            )
        case 3:
            .revokeApproval(
                RevokeApproval(project: project, freight: freight, consumer: consumer)
            )
        case 4: .quarantineFreight(QuarantineFreight(project: project, freight: freight))
        case 5, 6: .liftQuarantine(LiftQuarantine(project: project, freight: freight))
        case 7:
            .setFreightAlias(
                SetFreightAlias(
                    project: project,
                    freight: freight,
                    alias: pick(["candidate", "broken", "train-1", "train-2", "Not An Alias"])
                )
            )
        case 8:
            .assembleFreight(
                AssembleFreight(
                    project: project,
                    warehouse: pick(Shop.warehouses),
                    versions: [versionChoice()]
                )
            )
        default:
            .deriveFreight(
                DeriveFreight(project: project, freight: freight, versions: [versionChoice()])
            )
        }
    }

    /// A version of some warehouse's repository, discovered or not.
    private mutating func versionChoice() -> VersionChoice {
        let warehouse = pick(Shop.warehouses)
        let number = Int.random(in: 1...9, using: &generator)
        return VersionChoice(
            artifact: Shop.repository(warehouse),
            version: .named(
                pick(["\(warehouse)-\(number)", String(repeating: "\(number)", count: 40)])
            )
        )
    }
}
