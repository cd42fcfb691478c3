import EventLog
import PromotionModel
import Testing

@Suite struct PromotingFreight {
    private func promote(_ references: String..., to stage: StageName = Shop.dev) -> Command {
        .requestPromotion(
            RequestPromotion(project: Shop.project, stage: stage, selection: .named(references))
        )
    }

    @Test func `available freight is asked for, and waits in the queue`() {
        var world = World()
        world.given(Shop.manual)
        let freight = world.givenFreight(Shop.checkout, commit: "c1")
        world.when(promote(freight.rawValue))
        #expect(world.madeEvents == [.promotionRequested])
        let state = world.facts.stageState(Shop.dev, in: Shop.project)
        #expect(state.pending.map(\.freight) == [[freight]])
        #expect(state.current == nil)
    }

    @Test func `freight that no upstream stage verified is refused, and the reason is named`() {
        var world = World()
        world.given(Shop.manual)
        let freight = world.givenFreight(Shop.checkout, commit: "c1")
        world.when(promote(freight.rawValue, to: Shop.uat))
        guard case .freightNotAvailable(_, let subject, let why) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(subject == .stage(Shop.uat))
        let alias = world.facts.freightStatus(freight, in: Shop.project).alias
        #expect(
            why == "it is not verified in stage dev; have it verified in stage dev, or approve it: "
                + "waybill approve \(alias) --for stage/uat"
        )
    }

    @Test func `refusals come in the order of the documentation`() {
        var world = World()
        world.when(promote("whatever"))
        #expect(world.refusal == .unknownProject(Shop.project))
        world.given(Shop.manual)
        world.when(promote("whatever", to: StageName(unchecked: "nowhere")))
        #expect(
            world.refusal == .unknownStage(StageName(unchecked: "nowhere"), in: Shop.project)
        )
        world.when(promote("whatever"))
        #expect(world.refusal == .unknownFreight("whatever", in: Shop.project))
        world.when(promote("abc"))
        #expect(world.refusal == .freightReferenceTooShort("abc"))
    }

    @Test func `an origin that the stage does not request is refused`() {
        var world = Shop.settled()
        let freight = world.givenFreight(Shop.checkout, commit: "c2")
        world.when(promote(freight.rawValue, to: Shop.prod))
        #expect(
            world.refusal
                == .originNotRequested(.warehouse(Shop.checkout), by: .stage(Shop.prod))
        )
    }

    @Test func `two pieces of freight of one origin are refused`() {
        var world = World()
        world.given(Shop.manual)
        let one = world.givenFreight(Shop.checkout, commit: "c1")
        let two = world.givenFreight(Shop.checkout, commit: "c2")
        world.when(promote(one.rawValue, two.rawValue))
        #expect(world.refusal == .severalFreightOfOrigin(.warehouse(Shop.checkout)))
    }

    @Test func `a stage without steps is no target`() {
        var world = World()
        var spec = Shop.stage([Shop.direct(Shop.checkout)])
        spec.steps = []
        world.given(Shop.manual + [Shop.resource(.stage(StageName(unchecked: "gate"), spec))])
        let freight = world.givenFreight(Shop.checkout, commit: "c1")
        world.when(promote(freight.rawValue, to: StageName(unchecked: "gate")))
        #expect(world.refusal == .stageIsControlFlow(StageName(unchecked: "gate")))
    }

    @Test func `several pieces of freight go as one promotion and change only their components`() {
        var world = World()
        world.given(Shop.manual)
        let one = world.givenFreight(Shop.checkout, commit: "c1")
        let two = world.givenFreight(Shop.web, commit: "w1")
        world.givenPromotion(of: [one.rawValue, two.rawValue], to: Shop.dev)
        #expect(world.running(Shop.dev) == ["checkout": "c1", "web": "w1"])
        let three = world.givenFreight(Shop.web, commit: "w2")
        let name = world.givenPromotion(of: [three.rawValue], to: Shop.dev)
        let changes = world.facts.promotionState(name, in: Shop.project).changes
        #expect(changes.map(\.kind) == [.unchanged, .changed])
        #expect(world.running(Shop.dev) == ["checkout": "c1", "web": "w2"])
    }

    @Test func `steps for each changed component are planned once for each of them`() {
        let world = Shop.released()
        let name = world.facts.stageState(Shop.prod, in: Shop.project).currentPromotion
        let plan = world.facts.promotionState(name ?? .init(unchecked: ""), in: Shop.project).plan
        #expect(
            plan.map(\.alias) == [
                "clone", "update[Warehouse/checkout]", "update[Warehouse/payments]",
                "update[Warehouse/web]", "push",
            ]
        )
    }

    @Test func `a request that names no freight is refused`() {
        var world = World()
        world.given(Shop.manual)
        world.when(
            .requestPromotion(
                RequestPromotion(project: Shop.project, stage: Shop.dev, selection: .named([]))
            )
        )
        #expect(world.refusal == .noFreightNamed(Shop.dev))
    }

    @Test func `everything verified in a stage goes on as one, or nothing does`() {
        var world = World()
        world.given(Shop.manual)
        let command = Command.requestPromotion(
            RequestPromotion(
                project: Shop.project,
                stage: Shop.uat,
                selection: .from(Shop.dev, origin: nil)
            )
        )
        let one = world.givenFreight(Shop.checkout, commit: "c1")
        world.givenPromotion(of: [one.rawValue], to: Shop.dev)
        world.when(command)
        guard case .nothingToPromote(let from, let to, let missing) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(from == Shop.dev && to == Shop.uat)
        #expect(
            missing == [
                "Warehouse/payments: nothing is current", "Warehouse/web: nothing is current",
            ]
        )
        for warehouse in [Shop.payments, Shop.web] {
            let freight = world.givenFreight(warehouse, commit: "\(warehouse)-1")
            world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        }
        world.when(command)
        guard case .events(let drafts) = world.verdict,
            case .promotionRequested(let event) = drafts.first?.event
        else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(event.request.freight.count == 3)
    }

    @Test func `a bundle that would take a hotfix back is refused unless that is allowed`() {
        var world = Shop.released()
        let fix = world.givenFreight(Shop.payments, commit: "payments-fix")
        world.givenPromotion(of: [fix.rawValue], to: Shop.dev)
        world.givenPromotion(of: [fix.rawValue], to: Shop.uat)
        world.givenPromotion(of: [fix.rawValue], to: Shop.prod)
        #expect(world.running(Shop.prod)["payments"] == "payments-fix")
        world.when(promote("first", to: Shop.prod))
        guard case .regression(let component, _, _) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(component == .warehouse(Shop.payments))
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.prod,
                    selection: .named(["first"]),
                    allowRegression: true
                )
            )
        )
        #expect(world.refusal == nil)
    }

    @Test func `a choice against automation holds it, and agreeing with it lets it go on`() {
        var world = Shop.settled()
        let old = world.facts.stageState(Shop.dev, in: Shop.project).current?
            .carrier(of: .warehouse(Shop.web))
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(promote(old?.rawValue ?? ""))
        #expect(world.madeEvents == [.promotionRequested, .autoPromotionHeld])
        world.settle()
        #expect(world.running(Shop.dev)["web"] == "web-1")
        world.givenFreight(Shop.web, commit: "web-3")
        world.settle()
        #expect(world.running(Shop.dev)["web"] == "web-1")
        let newest = world.facts.freight(
            of: .warehouse(Shop.web),
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 1
        )
        world.when(promote(newest[0].freight.rawValue))
        #expect(world.madeEvents == [.promotionRequested, .autoPromotionResumed])
    }

    @Test func `a choice by hand supersedes the automatic promotion that waits`() {
        var world = Shop.settled()
        let old = world.facts.stageState(Shop.dev, in: Shop.project).current?
            .carrier(of: .warehouse(Shop.web))
        let new = world.givenFreight(Shop.web, commit: "web-2")
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.dev,
                    selection: .named([new.rawValue]),
                    kind: .automatic
                )
            )
        )
        world.when(promote(old?.rawValue ?? ""))
        #expect(
            world.madeEvents == [.promotionRequested, .autoPromotionHeld, .promotionSuperseded]
        )
        world.settle()
        #expect(world.running(Shop.dev)["web"] == "web-1")
    }

    @Test func `rollbacks go before manual promotions, and these before automatic ones`() {
        var world = Shop.released()
        let one = world.givenFreight(Shop.payments, commit: "p2")
        world.givenPromotion(of: [one.rawValue], to: Shop.dev)
        world.givenPromotion(of: [one.rawValue], to: Shop.uat)
        world.givenPromotion(of: [one.rawValue], to: Shop.prod)
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.prod,
                    selection: .named([one.rawValue]),
                    kind: .automatic
                )
            )
        )
        world.when(promote(one.rawValue, to: Shop.prod))
        world.when(
            .rollBackStage(
                RollBackStage(project: Shop.project, stage: Shop.prod, target: .previous)
            )
        )
        #expect(
            world.madeEvents.contains(.promotionSuperseded),
            "the automatic promotion of an origin that is rolled back is superseded"
        )
        let pending = world.facts.stageState(Shop.prod, in: Shop.project).pending
        #expect(pending.map(\.kind) == [.rollback, .manual])
    }
}
