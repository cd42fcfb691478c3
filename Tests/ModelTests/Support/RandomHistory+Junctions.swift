import EventLog
import PromotionModel

extension RandomHistory {
    /// A junction of the shop that collects and repackages in some way.
    mutating func junctionSpec() -> JunctionSpec {
        var spec = Shop.junction()
        spec.requestedFreight = Shop.warehouses.map { Shop.from(Shop.uat, $0) }
        for index in spec.requestedFreight.indices {
            spec.requestedFreight[index].optional = pick([true, false, false])
        }
        spec.selection = pick([.newestFreight, .newestVerified, .matchUpstream])
        spec.collectionPolicy = pick([.automatic, .automatic, .manual])
        spec.repackagingPolicy = pick([.automatic, .manual])
        spec.debounceMs = pick([0, 5 * 60_000, 30 * 60_000])
        if spec.debounceMs > 0 { spec.debounceMaxMs = pick([0, 40 * 60_000]) }
        spec.criteria = pick([
            nil, "len(changed) > 1", "lastRepackaged == nil || secondsSince(lastRepackaged) > 900",
            "changed[2].name != 'web'",
        ])
        spec.requireVerifiedTogether = pick([true, false])
        if Int.random(in: 0..<4, using: &generator) == 0 { spec.requestedFreight.removeLast() }
        return spec
    }

    /// Something that a person does to the junction, or to freight so that it must leave slots.
    mutating func junctionCommand(_ facts: DictionaryFacts) -> Command {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0:
            let origin = pick([nil, Origin.warehouse(pick(Shop.warehouses))])
            return .resumeCollection(
                ResumeCollection(project: Shop.project, junction: Shop.release, origin: origin)
            )
        case 1:
            return .quarantineFreight(
                QuarantineFreight(project: Shop.project, freight: anyFreight(facts))
            )
        case 2:
            return .liftQuarantine(
                LiftQuarantine(project: Shop.project, freight: anyFreight(facts))
            )
        default: return rollBackJunction(facts)
        }
    }

    private mutating func rollBackJunction(_ facts: DictionaryFacts) -> Command {
        let head = max(1, facts.position.rawValue)
        let target: JunctionTarget = pick([
            .previous, .bundle(anyFreight(facts)),
            .position(Position(rawValue: UInt64.random(in: 1...head, using: &generator))),
        ])
        return .rollBackJunction(
            RollBackJunction(
                project: Shop.project,
                junction: Shop.release,
                target: target,
                origin: pick([nil, nil, .warehouse(pick(Shop.warehouses))]),
                partial: pick([true, false])
            )
        )
    }

    /// Something that the pipeline is made of goes away, or somebody else moves the freight.
    mutating func configuration(_ facts: DictionaryFacts) -> Command {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            let mode: ProjectMode =
                facts.projectState(Shop.project).mode == .drive ? .observe : .drive
            return .setProjectMode(SetProjectMode(project: Shop.project, mode: mode))
        case 1:
            let warehouse = pick(Shop.warehouses)
            var spec = Shop.warehouse(warehouse)
            spec.creationCriteria = pick([nil, nil, "false", "commitFrom(1)"])
            return .applyManifests(
                ApplyManifests(resources: [
                    Shop.resource(.project), Shop.resource(.warehouse(warehouse, spec)),
                ])
            )
        default:
            let subjects: [Subject] = [
                .stage(Shop.prod), .stage(Shop.prod), .junction(Shop.release), .stage(Shop.uat),
                .warehouse(Shop.web),
            ]
            return .deleteResource(
                DeleteResource(project: Shop.project, resource: pick(subjects))
            )
        }
    }
}
