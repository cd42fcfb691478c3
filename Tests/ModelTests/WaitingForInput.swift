import EventLog
import Expressions
import PromotionModel
import Testing

/// Steps that wait for somebody: what they ask for, and what they are given.
@Suite struct WaitingForInput {
    private func give(
        _ name: PromotionName,
        _ value: Value = "approved",
        step: UInt64? = nil
    ) -> Command {
        .giveInput(
            GiveInput(project: Shop.project, promotion: name, step: step, value: value)
        )
    }

    /// The shop with a release of prod that waits for its pull request.
    private func waiting() -> (world: World, name: PromotionName) {
        var world = Shop.released()
        Shop.nextBundle("second", of: Shop.web, commit: "web-2", in: &world)
        let name = world.request(["second"], to: Shop.prod)
        world.letWait(name)
        return (world, name)
    }

    @Test func `what a step waits for is known, until the step ends`() {
        var (world, name) = waiting()
        #expect(world.madeEvents == [.inputRequested])
        let awaited = world.promotionState(name).awaited
        #expect(awaited?.step == 1 && awaited?.value == nil)
        #expect(awaited?.message == "a review of the pull request")
        #expect(awaited?.url == "https://git.example.com/shop/gitops/pulls/7")
        #expect(awaited?.since == world.now)
        world.when(.finishStep(world.finish(1, of: name)))
        #expect(world.promotionState(name).awaited == nil)
    }

    @Test func `a step that waits for the same still is no event, for something else is one`() {
        var (world, name) = waiting()
        world.when(.requestInput(world.wait(1, of: name)))
        #expect(world.verdict == .quiet)
        world.when(
            .requestInput(
                RequestInput(
                    project: Shop.project,
                    promotion: name,
                    attempt: 1,
                    step: 1,
                    message: "the merge"
                )
            )
        )
        #expect(world.madeEvents == [.inputRequested])
        #expect(world.promotionState(name).awaited?.message == "the merge")
    }

    @Test func `what is given is kept for the step, once`() {
        var (world, name) = waiting()
        world.when(give(name), reason: "looks good")
        guard case .inputGiven(let event) = world.made(.inputGiven).first else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(event.step == 1 && event.value.value == "approved" && event.reason == "looks good")
        #expect(world.promotionState(name).awaited?.value?.value == "approved")
        world.when(give(name))
        #expect(world.verdict == .quiet)
        world.when(give(name, "rejected"))
        #expect(world.refusal == .inputGiven(name))
    }

    @Test func `nobody can give what nothing waits for`() {
        var (world, name) = waiting()
        world.when(give(name, step: 2))
        #expect(world.refusal == .nothingAwaited(name))
        world.when(.finishStep(world.finish(1, of: name)))
        world.when(give(name))
        #expect(world.refusal == .nothingAwaited(name))
        world.finishAll(of: name)
        world.when(give(name))
        #expect(world.refusal == .promotionNotRunning(name, phase: .succeeded))
    }

    @Test func `asking and giving are refused in the order of the documentation`() {
        var (world, name) = waiting()
        func ask(_ attempt: UInt64, _ step: UInt64, _ message: String = "m") -> Command {
            .requestInput(
                RequestInput(
                    project: Shop.project,
                    promotion: name,
                    attempt: attempt,
                    step: step,
                    message: message
                )
            )
        }
        let long = String(repeating: "x", count: 5000)
        let unknown = PromotionName(unchecked: "prod.0.0")
        world.when(give(unknown))
        #expect(world.refusal == .unknownPromotion(unknown, in: Shop.project))
        world.when(ask(2, 0, long))
        #expect(world.refusal == .staleAttempt(name, attempt: 2, current: 1))
        world.when(ask(1, 0, long))
        #expect(world.refusal == .stepOutOfOrder(name, step: 0, expected: 1))
        let takeover = TakeOverPromotion(project: Shop.project, promotion: name, attempt: 1)
        world.when(.takeOverPromotion(takeover))
        world.when(ask(2, 0, long))
        #expect(world.refusal == .stepNotStarted(name, step: 0))
        world.when(.startStep(world.step(0, of: name)))
        world.when(ask(2, 0, long))
        #expect(world.refusal == .inputTooLarge(byteCount: 5000, max: 4096))
        world.when(.requestInput(world.wait(0, of: name)))
        world.when(give(name, .string(String(repeating: "x", count: 65_537)), step: 1))
        #expect(world.refusal == .nothingAwaited(name))
        world.when(give(name, .string(String(repeating: "x", count: 65_537))))
        guard case .inputTooLarge(_, max: 65_536) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        world.when(.abortPromotion(AbortPromotion(project: Shop.project, promotion: name)))
        world.when(ask(9, 9, long))
        #expect(world.refusal == .promotionNotRunning(name, phase: .aborted))
        #expect(world.promotionState(name).awaited == nil)
    }

    @Test func `an attempt that takes over waits for nothing yet`() {
        var (world, name) = waiting()
        world.when(
            .takeOverPromotion(
                TakeOverPromotion(project: Shop.project, promotion: name, attempt: 1)
            )
        )
        #expect(world.promotionState(name).awaited == nil)
    }

    @Test func `that a step took effect is known of the promotion`() {
        var (world, name) = waiting()
        #expect(!world.promotionState(name).hasTakenEffect)
        world.when(.finishStep(world.finish(1, of: name, hasTakenEffect: true)))
        #expect(world.promotionState(name).hasTakenEffect)
        world.when(.startStep(world.step(2, of: name)))
        world.when(.finishStep(world.finish(2, of: name)))
        #expect(world.promotionState(name).hasTakenEffect, "and is not forgotten")
    }
}
