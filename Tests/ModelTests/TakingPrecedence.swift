import EventLog
import Expressions
import PromotionModel
import Testing

/// Which promotions take the place of one that runs, and which wait for it.
@Suite struct TakingPrecedence {
    /// What somebody asks for while a release of `second` waits for its pull request.
    enum Asked: CaseIterable, Sendable {
        case rollback
        case rollbackOfOneOrigin
        case newerBundle
        case newerBundleByAutomation
        case anythingNow
        case sameBundleNow
        case sameBundle
        case olderBundle
        case otherFreight

        /// The rule by which it takes the release's place; nil where it waits.
        var rule: String? {
            switch self {
            case .rollback, .rollbackOfOneOrigin: "a rollback goes first"
            case .newerBundle, .newerBundleByAutomation:
                "the other has a newer bundle of Junction/release"
            case .anythingNow, .sameBundleNow: "the other was asked for with --now"
            case .sameBundle, .olderBundle, .otherFreight: nil
            }
        }
    }

    private func ask(_ asked: Asked, _ world: inout World) -> PromotionName {
        switch asked {
        case .rollback: return world.rollBack(Shop.prod, to: .freight("zeroth"))
        case .rollbackOfOneOrigin:
            return world.rollBack(
                Shop.prod,
                to: .freight("zeroth"),
                origin: .warehouse(Shop.checkout)
            )
        case .newerBundle, .newerBundleByAutomation:
            Shop.nextBundle("third", of: Shop.checkout, commit: "checkout-3", in: &world)
            let kind: PromotionKind = asked == .newerBundle ? .manual : .automatic
            return world.request(["third"], to: Shop.prod, kind: kind)
        case .anythingNow, .otherFreight:
            let fix = world.givenFreight(Shop.payments, commit: "payments-fix")
            world.settle()
            return world.request([fix.rawValue], to: Shop.prod, now: asked == .anythingNow)
        case .sameBundleNow: return world.request(["second"], to: Shop.prod, now: true)
        case .sameBundle: return world.request(["second"], to: Shop.prod)
        case .olderBundle: return world.request(["first"], to: Shop.prod)
        }
    }

    /// Prod ran `zeroth` and runs `first`; `second` is being released, and waits or has taken
    /// effect.
    private func releasing(
        afterTakingEffect: Bool = false
    ) -> (world: World, release: PromotionName) {
        var world = Shop.settled()
        world.when(
            .repackage(
                Repackage(project: Shop.project, junction: Shop.release, alias: "zeroth")
            )
        )
        world.givenPromotion(of: ["zeroth"], to: Shop.prod)
        Shop.nextBundle("first", of: Shop.checkout, commit: "checkout-2", in: &world)
        world.givenPromotion(of: ["first"], to: Shop.prod)
        Shop.nextBundle("second", of: Shop.web, commit: "web-2", in: &world)
        let release = world.request(["second"], to: Shop.prod)
        world.letWait(release, afterTakingEffect: afterTakingEffect)
        return (world, release)
    }

    @Test(arguments: Asked.allCases)
    func `what takes the place of a release that waits for its pull request`(asked: Asked) {
        var (world, release) = releasing()
        let successor = ask(asked, &world)
        #expect(world.superseded[release] == asked.rule)
        #expect(world.pending(Shop.prod).first == successor)
        guard asked.rule != nil else {
            #expect(world.stageState(Shop.prod).running == release)
            return
        }
        let state = world.promotionState(release)
        #expect(state.phase == .superseded && state.awaited == nil)
        #expect(state.message == "superseded by \(successor)")
        #expect(world.stageState(Shop.prod).running == nil)
        #expect(world.stageState(Shop.prod).uncertain.isEmpty, "it changed nothing")
        #expect(world.stageState(Shop.prod).unsuccessful.isEmpty, "automation may take it again")
        world.when(.startPromotion(StartPromotion(project: Shop.project, promotion: successor)))
        #expect(world.madeEvents == [.promotionStarted])
    }

    @Test(arguments: Asked.allCases)
    func `one that has taken effect is finished first`(asked: Asked) {
        var (world, release) = releasing(afterTakingEffect: true)
        let successor = ask(asked, &world)
        #expect(world.superseded[release] == nil)
        #expect(world.stageState(Shop.prod).running == release)
        world.when(.startPromotion(StartPromotion(project: Shop.project, promotion: successor)))
        #expect(world.refusal == .anotherPromotionRuns(release, on: Shop.prod))
        world.finishAll(of: release)
        world.when(.startPromotion(StartPromotion(project: Shop.project, promotion: successor)))
        #expect(world.madeEvents.first == .promotionStarted)
    }

    @Test func `one that works on is finished first, and so is one that got its input`() {
        var (world, release) = releasing()
        world.when(
            .giveInput(GiveInput(project: Shop.project, promotion: release, value: "approved"))
        )
        world.rollBack(Shop.prod, to: .previous)
        #expect(world.superseded.isEmpty, "it goes on at any moment")
        world.when(.finishStep(world.finish(1, of: release)))
        world.request(["second"], to: Shop.prod, now: true)
        #expect(world.superseded.isEmpty, "it no longer waits")
    }

    @Test func `one of which an earlier attempt may have done more is finished first`() {
        var (world, release) = releasing()
        world.when(.finishStep(world.finish(1, of: release)))
        world.when(.startStep(world.step(2, of: release)))
        world.when(
            .takeOverPromotion(
                TakeOverPromotion(project: Shop.project, promotion: release, attempt: 1)
            )
        )
        world.when(.startStep(world.step(0, of: release)))
        world.when(.finishStep(world.finish(0, of: release)))
        world.when(.startStep(world.step(1, of: release)))
        world.when(.requestInput(world.wait(1, of: release)))
        world.rollBack(Shop.prod, to: .previous)
        #expect(world.superseded.isEmpty, "the push that the first attempt began may be there")
    }

    @Test func `a newer bundle takes only the place of what it brings, all of it`() {
        var (world, release) = releasing()
        world.when(.abortPromotion(AbortPromotion(project: Shop.project, promotion: release)))
        // A release of a bundle with a fix of payments beside it would lose the fix.
        var spec = Shop.junction()
        spec.requestedFreight = [Shop.from(Shop.uat, Shop.checkout), Shop.from(Shop.uat, Shop.web)]
        world.given([Shop.resource(.junction(Shop.release, spec))])
        world.when(
            .collectFreight(CollectFreight(project: Shop.project, junction: Shop.release))
        )
        Shop.nextBundle("small", of: Shop.web, commit: "web-4", in: &world)
        let fix = world.givenFreight(Shop.payments, commit: "payments-fix")
        world.settle()
        let both = world.request(["small", fix.rawValue], to: Shop.prod)
        world.letWait(both)
        Shop.nextBundle("small-2", of: Shop.web, commit: "web-5", in: &world)
        world.request(["small-2"], to: Shop.prod)
        #expect(world.superseded.isEmpty)
        world.request(["small-2", fix.rawValue], to: Shop.prod)
        #expect(Array(world.superseded.keys) == [both])
    }

    @Test func `a rollback to where one goes that waits leaves it alone`() {
        var (world, release) = releasing()
        let first = world.rollBack(Shop.prod, to: .freight("zeroth"))
        #expect(Array(world.superseded.keys) == [release])
        world.letWait(first)
        world.rollBack(Shop.prod, to: .freight("zeroth"))
        #expect(world.superseded.isEmpty, "two people who ask for the same get the same")
        let other = world.rollBack(Shop.prod, to: .freight("first"))
        #expect(Array(world.superseded.keys) == [first])
        #expect(world.pending(Shop.prod).last == other)
    }

    @Test func `what was asked for now goes before others by hand, but not before rollbacks`() {
        var world = Shop.released()
        Shop.nextBundle("second", of: Shop.web, commit: "web-2", in: &world)
        let running = world.request(["second"], to: Shop.prod)
        world.when(.startPromotion(StartPromotion(project: Shop.project, promotion: running)))
        let automatic = world.request(["first"], to: Shop.prod, kind: .automatic)
        let plain = world.request(["second"], to: Shop.prod)
        let now = world.request(["second"], to: Shop.prod, now: true)
        let rollback = world.rollBack(
            Shop.prod,
            to: .freight("first"),
            origin: .warehouse(Shop.web)
        )
        let second = world.request(["first"], to: Shop.prod, now: true)
        _ = automatic
        #expect(world.pending(Shop.prod) == [rollback, now, second, plain])
    }

    @Test(arguments: [false, true])
    func `what was done to a stage that is gone is not uncertain in a later one`(
        isMadeAgain: Bool
    ) {
        var (world, release) = releasing()
        let rollback = world.rollBack(Shop.prod, to: .freight("zeroth"))
        world.when(.abortPromotion(AbortPromotion(project: Shop.project, promotion: rollback)))
        let deletion = DeleteResource(project: Shop.project, resource: .stage(Shop.prod))
        world.when(.deleteResource(deletion))
        #expect(world.madeEvents == [.resourceRemoved])
        if isMadeAgain { world.given(Shop.resources) }
        world.when(.finishStep(world.finish(1, of: release, hasTakenEffect: true)))
        #expect(world.madeEvents == [.stepFinished])
        if !isMadeAgain { world.given(Shop.resources) }
        #expect(world.stageState(Shop.prod).uncertain.isEmpty)
    }

    @Test func `what a superseded promotion did all the same makes its components uncertain`() {
        var (world, release) = releasing()
        let rollback = world.rollBack(Shop.prod, to: .freight("zeroth"))
        world.when(.startPromotion(StartPromotion(project: Shop.project, promotion: rollback)))
        world.when(.finishStep(world.finish(1, of: release)))
        #expect(world.refusal == .promotionNotRunning(release, phase: .superseded))
        world.when(.finishStep(world.finish(1, of: release, hasTakenEffect: true)))
        #expect(world.madeEvents == [.stepFinished])
        #expect(
            world.stageState(Shop.prod).uncertain.map(\.origin) == [.warehouse(Shop.web)]
        )
        world.when(.finishStep(world.finish(1, of: release, hasTakenEffect: true)))
        #expect(world.refusal == .promotionNotRunning(release, phase: .superseded))
        world.finishAll(of: rollback)
        #expect(
            world.stageState(Shop.prod).uncertain.map(\.promotion) == [release],
            "the rollback began before anybody knew"
        )
        let again = world.rollBack(Shop.prod, to: .freight("zeroth"))
        world.perform(again)
        #expect(world.stageState(Shop.prod).uncertain.isEmpty)
    }
}
