import EventLog
import PromotionModel
import Testing

/// Verifications whose result a runner finds out.
@Suite struct VerifyingBySteps {
    /// The pair of stages, of which dev is verified by steps.
    private func world(_ steps: [StepTemplate]? = nil, blocking: Bool = true) -> World {
        var verification = VerificationSpec()
        verification.steps = steps ?? [Shop.step("clone"), Shop.step("smoke", forEach: .changed)]
        verification.blocking = blocking
        var world = World()
        world.given(Self.resources(verification))
        return world
    }

    private static func resources(_ verification: VerificationSpec) -> [Resource] {
        Shop.pair.map { resource in
            guard case .stage(Shop.dev, var spec) = resource.specification else { return resource }
            spec.verification = verification
            return Shop.resource(.stage(Shop.dev, spec))
        }
    }

    private func open(_ world: World) -> OpenVerification? {
        world.facts.stageState(Shop.dev, in: Shop.project).verification
    }

    private func found(_ statuses: StepStatus...) -> [VerificationStep] {
        statuses.enumerated().map { index, status in
            var step = VerificationStep()
            step.alias = ["clone", "smoke", "load"][index]
            step.template = UInt64(index)
            step.uses = "test-\(step.alias)"
            step.status = status
            step.message = status == .succeeded ? nil : "two pods are not ready"
            return step
        }
    }

    private func finish(
        _ promotion: PromotionName,
        at started: Position?,
        _ steps: [VerificationStep]
    ) -> Command {
        .finishVerification(
            FinishVerification(
                project: Shop.project,
                promotion: promotion,
                started: started ?? .origin,
                steps: steps
            )
        )
    }

    @Test func `a stage with verification steps is verified by whoever runs them`() throws {
        var world = world()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        #expect(
            world.madeEvents == [.stepFinished, .promotionSucceeded, .verificationStarted],
            "in one command"
        )
        let open = try #require(self.open(world))
        #expect(open.steps.map(\.alias) == ["clone", "smoke"] && open.templates.isEmpty)
        #expect(world.nextSteps(for: .stage(Shop.dev)).verifying == [promotion])
        let job = try #require(
            try world.facts.verificationJob(
                for: promotion,
                in: Shop.project,
                anchor: LogAnchor(ledger: LedgerID(text: "l"), size: 1, root: .sha256([]))
            )
        )
        #expect(job.started == open.position)
        #expect(job.job.state.plan.map(\.alias) == ["clone", "smoke[Warehouse/web]"])
        #expect(job.job.steps == [nil, nil] && job.job.firstStepStartedAt == open.since)

        world.when(finish(promotion, at: open.position, found(.succeeded, .succeeded)))
        #expect(world.madeEvents == [.verificationFinished])
        #expect(world.verified(freight) == [Shop.dev])
        let record = try #require(world.record(of: promotion))
        #expect(record.result == .successful && !record.isUnseen && record.message == nil)
        #expect(record.steps.map(\.alias) == ["clone", "smoke"])
        #expect(world.nextSteps(for: .stage(Shop.dev)).verifying.isEmpty)
        #expect(
            try world.facts.verificationJob(
                for: promotion,
                in: Shop.project,
                anchor: LogAnchor(ledger: LedgerID(text: "l"), size: 1, root: .sha256([]))
            ) == nil
        )
    }

    @Test(
        arguments: [
            ([.succeeded, .skipped], VerificationResult.successful),
            ([.succeeded, .failed], .failed),
            ([.failed, .skipped], .failed),
            ([.failed, .errored], .errored),
            ([.errored, .skipped], .errored),
            ([.succeeded, .aborted], .errored),
        ] as [([StepStatus], VerificationResult)]
    )
    func `the worst of its steps says how a verification ends`(
        statuses: [StepStatus],
        result: VerificationResult
    ) throws {
        var world = world()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        let steps = found(statuses[0], statuses[1])
        world.when(finish(promotion, at: open(world)?.position, steps))
        let record = try #require(world.record(of: promotion))
        #expect(record.result == result && open(world) == nil)
        #expect(world.verified(freight) == (result == .successful ? [Shop.dev] : []))
        guard result != .successful else { return }
        let message = try #require(record.message)
        #expect(message.hasPrefix("step ") && message.hasSuffix("two pods are not ready"))
    }

    @Test func `a step that may fail does not fail the verification`() {
        var load = Shop.step("load")
        load.continueOnError = true
        var world = world([Shop.step("clone"), Shop.step("smoke"), load])
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        let steps = found(.succeeded, .succeeded, .errored)
        world.when(finish(promotion, at: open(world)?.position, steps))
        #expect(world.record(of: promotion)?.result == .successful)
        #expect(world.verified(freight) == [Shop.dev])
    }

    @Test func `the queue waits for its steps, and one that does not block is aborted`() throws {
        for blocking in [true, false] {
            var world = world(blocking: blocking)
            let (_, first) = world.givenPromoted(Shop.web, commit: "w1")
            let started = open(world)?.position
            let second = world.givenFreight(Shop.web, commit: "w2")
            let request = RequestPromotion(
                project: Shop.project,
                stage: Shop.dev,
                selection: .named([second.rawValue])
            )
            world.when(.requestPromotion(request))
            let next = world.nextSteps(for: .stage(Shop.dev))
            #expect(next.verifying == [first] && next.commands.isEmpty == blocking)
            guard !blocking else { continue }
            world.when(try #require(next.commands.first).command)
            world.when(finish(first, at: started, found(.succeeded, .succeeded)))
            #expect(world.refusal == .verificationOver(first), "it was aborted meanwhile")
            #expect(world.record(of: first)?.result == .aborted)
        }
    }

    @Test func `somebody who reports is quicker than the steps`() {
        var world = world()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        let started = open(world)?.position
        world.report(.passed)
        #expect(world.verified(freight) == [Shop.dev])
        world.when(finish(promotion, at: started, found(.succeeded, .failed)))
        #expect(world.refusal == .verificationOver(promotion))
        #expect(world.verified(freight) == [Shop.dev])
    }

    @Test func `refusals of its end come in the order of the documentation`() throws {
        var world = world()
        let (_, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        let position = try #require(open(world)).position
        let other = ProjectName(unchecked: "other")
        world.when(
            .finishVerification(
                FinishVerification(
                    project: other,
                    promotion: promotion,
                    started: position,
                    steps: []
                )
            )
        )
        #expect(world.refusal == .unknownProject(other))
        let none = PromotionName(unchecked: "none")
        world.when(finish(none, at: position, []))
        #expect(world.refusal == .unknownPromotion(none, in: Shop.project))
        world.when(finish(promotion, at: position.next, found(.succeeded)))
        #expect(world.refusal == .verificationOver(promotion), "another one")
    }

    // MARK: - Tasks

    private func deploying(_ vars: [Variable] = []) -> [StepTemplate] {
        var step = StepTemplate()
        step.alias = "check"
        step.task = TaskReference(kind: .project, name: "check")
        step.vars = vars
        return [step]
    }

    private static func task() -> Resource {
        var task = TaskSpec()
        var declared = Variable()
        declared.name = "path"
        task.vars = [declared]
        task.steps = [Shop.step("smoke")]
        return Shop.resource(.task(TaskName(unchecked: "check"), task))
    }

    @Test func `the steps of a task are in the verification from its start`() throws {
        var verification = VerificationSpec()
        verification.steps = deploying([Variable(name: "path", value: "./out")])
        var world = World()
        world.given(Self.resources(verification) + [Self.task()])
        world.givenPromoted(Shop.web, commit: "w1")
        #expect(try #require(open(world)).steps.map(\.alias) == ["check::smoke"])
        let delete = DeleteResource(
            project: Shop.project,
            resource: .task(TaskName(unchecked: "check"))
        )
        world.when(.deleteResource(delete))
        guard case .refused = world.verdict else {
            Issue.record("deleted although the stage's verification needs it")
            return
        }
    }

    @Test func `a task that is not there, or not told enough, is found when it is applied`() {
        var verification = VerificationSpec()
        verification.steps = deploying()
        var world = World()
        world.when(.applyManifests(ApplyManifests(resources: Self.resources(verification))))
        guard case .manifestProblems(let missing) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(missing.map(\.field) == ["spec.verification.steps[0].task"])
        world.when(
            .applyManifests(
                ApplyManifests(resources: Self.resources(verification) + [Self.task()])
            )
        )
        guard case .manifestProblems(let untold) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(untold.map(\.field) == ["spec.verification.steps[0].vars"])
    }
}
