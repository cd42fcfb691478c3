import EventLog
import PromotionModel
import Testing

/// A release is in prod; then somebody finds that one of its services loses orders.
@Suite struct QuarantineAfterRelease {
    private let service = Team.services[6]

    /// Prod runs the second train, in which service 7 is new; nobody has found out yet.
    private var released: World {
        var world = Team.released()
        world.givenFreight(service, commit: "\(service)-2")
        world.settle()
        world.when(
            .repackage(Repackage(project: Shop.project, junction: Team.release, alias: "train-2"))
        )
        world.givenPromotion(of: ["train-2"], to: Shop.prod)
        return world
    }

    /// The same, and the freight of service 7 is quarantined.
    private func quarantined() throws -> World {
        var world = released
        let freight = try #require(world.newestFreight(of: service))
        world.when(
            .quarantineFreight(
                QuarantineFreight(project: Shop.project, freight: freight.rawValue)
            ),
            by: "on-call",
            reason: "it loses orders"
        )
        world.settle()
        return world
    }

    private func rollBack(
        to target: RollbackTarget,
        origin: Origin? = nil,
        allowsQuarantined: Bool = false
    ) -> Command {
        .rollBackStage(
            RollBackStage(
                project: Shop.project,
                stage: Shop.prod,
                target: target,
                origin: origin,
                allowsQuarantined: allowsQuarantined
            )
        )
    }

    @Test func `what runs stays, and the bundle goes nowhere else`() throws {
        var world = try quarantined()
        #expect(world.running(Shop.prod)[service.rawValue] == "\(service)-2")
        #expect(world.running(Shop.uat)[service.rawValue] == "\(service)-2")
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.prod,
                    selection: .named(["train-2"])
                )
            )
        )
        guard case .freightNotAvailable(let freight, _, let why) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(freight == "train-2" && why.contains("is quarantined: it loses orders"))
    }

    @Test func `the slot falls back, and the next bundle is the first one again`() throws {
        var world = try quarantined()
        let slot = try #require(
            world.facts.junctionState(Team.release, in: Shop.project)[origin: .warehouse(service)]
        )
        let freight = try #require(world.facts.freight(slot.freight, in: Shop.project))
        #expect(freight.artifacts.first?.commit?.id == "\(service)-1")
        world.when(.repackage(Repackage(project: Shop.project, junction: Team.release)))
        let bundle = world.facts.junctionState(Team.release, in: Shop.project).bundle
        #expect(bundle == world.facts.freight(withAlias: "train-1", in: Shop.project))
    }

    @Test func `a slot for which nothing is left is emptied, and the event says why`() throws {
        var world = try quarantined()
        let old = try #require(
            world.facts.junctionState(Team.release, in: Shop.project)[origin: .warehouse(service)]
        ).freight
        world.when(
            .quarantineFreight(QuarantineFreight(project: Shop.project, freight: old.rawValue)),
            reason: "it loses them too"
        )
        let alias = world.facts.freightStatus(old, in: Shop.project).alias
        let eventCount = world.events.count
        world.settle()
        let emptied = world.events.dropFirst(eventCount).compactMap { draft in
            if case .slotEmptied(let event) = draft.event { event } else { nil }
        }
        #expect(emptied.map(\.origin) == [.warehouse(service)])
        #expect(
            emptied.first?.reason == "\(alias) is quarantined: it loses them too; no other freight "
                + "of Warehouse/\(service) is available"
        )
        world.when(.repackage(Repackage(project: Shop.project, junction: Team.release)))
        #expect(world.refusal == .slotsEmpty(Team.release, origins: [.warehouse(service)]))
        // And back, when it was the database after all.
        world.when(
            .liftQuarantine(LiftQuarantine(project: Shop.project, freight: old.rawValue)),
            reason: "it was the database"
        )
        world.settle()
        let slot = world.facts.junctionState(Team.release, in: Shop.project)[
            origin: .warehouse(service)
        ]
        #expect(slot?.freight == old)
    }

    @Test func `going back to a combination with it is refused, unless somebody says why`() throws {
        var world = try quarantined()
        world.when(rollBack(to: .freight("train-1")), by: "on-call")
        world.settle()
        #expect(world.running(Shop.prod)[service.rawValue] == "\(service)-1")
        let alias = world.facts.freightStatus(
            try #require(world.newestFreight(of: service)),
            in: Shop.project
        ).alias
        let refusal = Refusal.quarantinedTarget(
            Shop.prod,
            freight: ["\(alias) (quarantined: it loses orders)"]
        )
        world.when(rollBack(to: .freight("train-2")), reason: "train 1 is worse")
        #expect(world.refusal == refusal)
        world.when(rollBack(to: .freight("train-2"), allowsQuarantined: true))
        #expect(world.refusal == .reasonNeeded("bring quarantined freight back"))
        world.when(
            rollBack(to: .freight("train-2"), allowsQuarantined: true),
            reason: "train 1 is worse"
        )
        world.settle()
        #expect(world.running(Shop.prod)[service.rawValue] == "\(service)-2")
    }

    @Test func `another origin comes back although what stays is quarantined`() throws {
        var world = try quarantined()
        let second = try #require(world.facts.stageState(Shop.prod, in: Shop.project).current?.id)
        let other = Team.services[3]
        world.givenFreight(other, commit: "\(other)-2")
        world.settle()
        world.when(.repackage(Repackage(project: Shop.project, junction: Team.release)))
        // The bundle of now has service 7 as it was, so prod has it back with the promotion.
        let bundle = try #require(
            world.facts.junctionState(Team.release, in: Shop.project).bundle
        )
        world.givenPromotion(of: [bundle.rawValue], to: Shop.prod)
        let target = RollbackTarget.collection(second.rawValue)
        world.when(rollBack(to: target, origin: .warehouse(other)))
        world.settle()
        #expect(world.running(Shop.prod)[other.rawValue] == "\(other)-1")
        world.when(rollBack(to: target, origin: .warehouse(service)))
        guard case .quarantinedTarget = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
    }

    @Test func `a rollback whose freight is quarantined before its turn does not start`() throws {
        var world = released
        world.when(rollBack(to: .freight("train-1")))
        let name = try #require(
            world.facts.stageState(Shop.prod, in: Shop.project).pending.first?.name
        )
        let target = try #require(world.facts.promotion(name, in: Shop.project)?.target)
        let old = try #require(target[origin: .warehouse(service)]).freight
        world.when(
            .quarantineFreight(QuarantineFreight(project: Shop.project, freight: old.rawValue)),
            reason: "it is worse"
        )
        world.settle()
        let state = world.facts.promotionState(name, in: Shop.project)
        #expect(state.phase == .errored)
        #expect(state.message?.contains("(quarantined: it is worse)") == true)
        #expect(world.running(Shop.prod)[service.rawValue] == "\(service)-2")
    }

    @Test func `one that somebody allowed starts all the same`() throws {
        var world = released
        world.when(
            rollBack(to: .freight("train-1"), allowsQuarantined: true),
            reason: "customers cannot pay"
        )
        let name = try #require(
            world.facts.stageState(Shop.prod, in: Shop.project).pending.first?.name
        )
        #expect(world.facts.promotion(name, in: Shop.project)?.allowsQuarantined == true)
        let target = try #require(world.facts.promotion(name, in: Shop.project)?.target)
        let old = try #require(target[origin: .warehouse(service)]).freight
        world.when(
            .quarantineFreight(QuarantineFreight(project: Shop.project, freight: old.rawValue)),
            reason: "it is worse"
        )
        world.settle()
        #expect(world.running(Shop.prod)[service.rawValue] == "\(service)-1")
    }
}
