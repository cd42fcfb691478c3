import EventLog
import PromotionModel
import Testing

/// A team of 25 services releases as one unit.
@Suite struct TeamOfManyServices {
    @Test func `the first train puts all services into prod with one promotion`() throws {
        let world = Team.released()
        let running = world.running(Shop.prod)
        #expect(running.count == 25)
        for service in Team.services { #expect(running[service.rawValue] == "\(service)-1") }
        let promotions = world.facts.promotions(
            of: Shop.prod,
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 100
        )
        #expect(promotions.count == 1)
    }

    @Test func `the next train changes what changed, and performs steps for that alone`() throws {
        var world = Team.released()
        for service in Team.services.prefix(4) {
            world.givenFreight(service, commit: "\(service)-2")
        }
        world.settle()
        world.when(
            .repackage(
                Repackage(project: Shop.project, junction: Team.release, alias: "train-2")
            )
        )
        let name = world.givenPromotion(of: ["train-2"], to: Shop.prod)
        let state = world.facts.promotionState(name, in: Shop.project)
        let changed = state.changes.filter { $0.kind.countsAsChanged }.map(\.origin.name)
        #expect(changed == Team.services.prefix(4).map(\.rawValue))
        #expect(state.changes.count == 25)
        let updates = state.plan.compactMap(\.component?.name)
        #expect(updates == changed, "one update for each changed service, one clone, one push")
        #expect(state.plan.count == 2 + changed.count)
        #expect(world.running(Shop.prod)["service-05"] == "service-05-1")
        #expect(world.running(Shop.prod)["service-04"] == "service-04-2")
    }

    @Test func `nobody is asked how to fill the slots: the junction has collected already`() {
        var world = Team.released()
        for service in Team.services { world.givenFreight(service, commit: "\(service)-2") }
        world.settle()
        let slots = world.facts.junctionState(Team.release, in: Shop.project).slots
        #expect(slots.count == 25)
        for slot in slots {
            let freight = world.facts.freight(slot.freight, in: Shop.project)
            #expect(freight?.artifacts.first?.commit?.id == "\(slot.origin.name)-2")
            #expect(slot.automatic)
        }
    }

    @Test func `going back to the first train leaves uat where it is`() {
        var world = Team.released()
        world.givenFreight(Team.services[7], commit: "broken")
        world.settle()
        world.when(.repackage(Repackage(project: Shop.project, junction: Team.release)))
        let bundle = world.facts.junctionState(Team.release, in: Shop.project).bundle
        world.givenPromotion(of: [bundle?.rawValue ?? ""], to: Shop.prod)
        #expect(world.running(Shop.prod)["service-08"] == "broken")
        world.when(
            .rollBackStage(
                RollBackStage(project: Shop.project, stage: Shop.prod, target: .freight("train-1"))
            ),
            by: "on-call",
            reason: "service 8 answers nothing"
        )
        world.settle()
        #expect(world.running(Shop.prod)["service-08"] == "service-08-1")
        #expect(world.running(Shop.uat)["service-08"] == "broken")
    }
}
