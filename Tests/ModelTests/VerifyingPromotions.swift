import EventLog
import PromotionModel
import Testing

/// What a success starts, and what waits for it.
@Suite struct VerifyingPromotions {
    /// The pair of stages, of which dev waits for reports.
    private func world(
        blocking: Bool = true,
        external: ExternalVerification = .wait
    ) -> World {
        var world = World()
        world.given(
            Shop.verifying(Shop.dev, in: Shop.pair, blocking: blocking, external: external)
        )
        return world
    }

    private func state(_ world: World) -> StageState {
        world.facts.stageState(Shop.dev, in: Shop.project)
    }

    private func request(_ freight: FreightID, _ world: inout World) -> PromotionName {
        let request = RequestPromotion(
            project: Shop.project,
            stage: Shop.dev,
            selection: .named([freight.rawValue])
        )
        guard case .events(let drafts) = world.when(.requestPromotion(request)),
            case .promotionRequested(let event) = drafts[0].event
        else {
            Issue.record("not requested: \(world.verdict)")
            return PromotionName(unchecked: "none")
        }
        return event.request.name
    }

    private func start(_ name: PromotionName) -> Command {
        .startPromotion(StartPromotion(project: Shop.project, promotion: name))
    }

    // MARK: - What a success starts

    @Test func `a stage with analysis templates waits for a report`() throws {
        var world = world()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        #expect(
            world.madeEvents == [.stepFinished, .promotionSucceeded, .verificationStarted],
            "in one command"
        )
        let open = try #require(state(world).verification)
        #expect(open.promotion == promotion && open.since == world.now)
        #expect(open.templates == ["smoke"])
        #expect(open.collection == state(world).current?.id)
        #expect(world.record(of: promotion) == nil && world.verified(freight).isEmpty)
        #expect(
            world.availability(of: freight, to: Shop.uat)
                == .unavailable([.notVerified(in: Shop.dev)])
        )
    }

    @Test func `where reports are assumed, what runs is verified at once, and the log says so`() {
        var world = world(external: .assume)
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        #expect(
            world.madeEvents == [.stepFinished, .promotionSucceeded, .verificationFinished]
        )
        let record = world.record(of: promotion)
        #expect(record?.assumed == true && record?.implicit == false)
        #expect(state(world).verification == nil)
        #expect(world.verified(freight) == [Shop.dev])
    }

    @Test(arguments: [nil, VerificationSpec()])
    func `without analysis templates what runs is verified by running`(
        verification: VerificationSpec?
    ) {
        var world = World()
        world.given(
            Shop.pair.map { resource in
                guard case .stage(Shop.dev, var spec) = resource.specification else {
                    return resource
                }
                spec.verification = verification
                return Shop.resource(.stage(Shop.dev, spec))
            }
        )
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        let record = world.record(of: promotion)
        #expect(record?.implicit == true && record?.assumed == false)
        #expect(world.verified(freight) == [Shop.dev])
    }

    @Test func `a promotion without steps to perform is verified like any other`() throws {
        var spec = Shop.stage([Shop.direct(Shop.web)])
        spec.steps = [Shop.step("update", forEach: .changed)]
        var world = World()
        world.given(
            Shop.verifying(
                Shop.dev,
                in: [
                    Shop.resource(.project),
                    Shop.resource(.warehouse(Shop.web, Shop.warehouse(Shop.web))),
                    Shop.resource(.stage(Shop.dev, spec)),
                ]
            )
        )
        let (freight, first) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(.passed)
        // The same again changes nothing, so there is no step.
        let again = request(freight, &world)
        world.when(start(again))
        #expect(
            world.madeEvents == [.promotionStarted, .promotionSucceeded, .verificationStarted]
        )
        #expect(state(world).verification?.promotion == again && again != first)
    }

    // MARK: - What waits

    @Test func `a pending promotion waits for a verification that blocks`() {
        var world = world()
        let (_, first) = world.givenPromoted(Shop.web, commit: "w1")
        let second = request(world.givenFreight(Shop.web, commit: "w2"), &world)
        #expect(world.nextSteps(for: .stage(Shop.dev)).commands.isEmpty, "nothing is proposed")
        world.when(start(second))
        #expect(world.refusal == .verificationOpen(first, on: Shop.dev))
        world.report(.passed)
        #expect(
            world.nextSteps(for: .stage(Shop.dev)).commands.map(\.command) == [start(second)]
        )
        world.when(start(second))
        #expect(world.madeEvents == [.promotionStarted])
    }

    @Test(arguments: [ReportedResult.failed, .errored, .inconclusive])
    func `any result ends the waiting`(result: ReportedResult) {
        var world = world()
        let (freight, _) = world.givenPromoted(Shop.web, commit: "w1")
        let second = request(world.givenFreight(Shop.web, commit: "w2"), &world)
        world.report(result)
        #expect(state(world).verification == nil && world.verified(freight).isEmpty)
        world.when(start(second))
        #expect(world.madeEvents == [.promotionStarted])
    }

    @Test func `a verification that does not block is aborted by the next start`() {
        var world = world(blocking: false)
        let (freight, first) = world.givenPromoted(Shop.web, commit: "w1")
        let second = request(world.givenFreight(Shop.web, commit: "w2"), &world)
        #expect(
            world.nextSteps(for: .stage(Shop.dev)).commands.map(\.command) == [start(second)]
        )
        world.when(start(second))
        #expect(world.madeEvents == [.verificationFinished, .promotionStarted])
        let record = world.record(of: first)
        #expect(record?.result == .aborted)
        #expect(record?.message == "promotion \(second) started")
        #expect(state(world).verification == nil && world.verified(freight).isEmpty)
    }

    @Test func `a start that fails leaves the verification open`() throws {
        var world = world(blocking: false)
        let (_, first) = world.givenPromoted(Shop.web, commit: "w1")
        let freight = world.givenFreight(Shop.payments, commit: "p1")
        let second = request(freight, &world)
        world.when(
            .quarantineFreight(
                QuarantineFreight(project: Shop.project, freight: freight.rawValue)
            ),
            reason: "a test"
        )
        world.when(start(second))
        #expect(world.madeEvents == [.promotionErrored])
        #expect(state(world).verification?.promotion == first)
    }

    @Test func `a rollback does not wait for a verification that nobody reports`() throws {
        var world = world()
        world.givenPromoted(Shop.web, commit: "w1")
        world.report(.passed)
        let (_, bad) = world.givenPromoted(Shop.web, commit: "w2")
        let waiting = request(world.givenFreight(Shop.payments, commit: "p1"), &world)
        world.when(
            .rollBackStage(
                RollBackStage(project: Shop.project, stage: Shop.dev, target: .previous)
            )
        )
        let proposed = world.nextSteps(for: .stage(Shop.dev)).commands.first
        world.when(try #require(proposed).command)
        #expect(world.madeEvents == [.verificationFinished, .promotionStarted])
        #expect(world.record(of: bad)?.result == .aborted)
        #expect(state(world).pending.map(\.name) == [waiting])
    }

    @Test(arguments: [
        (false, ExternalVerification.wait), (true, .assume),
    ])
    func `what the stage says now decides whether anything waits`(
        blocking: Bool,
        external: ExternalVerification
    ) {
        var world = world()
        world.givenPromoted(Shop.web, commit: "w1")
        let second = request(world.givenFreight(Shop.web, commit: "w2"), &world)
        world.given(
            Shop.verifying(Shop.dev, in: Shop.pair, blocking: blocking, external: external)
        )
        world.when(start(second))
        #expect(world.madeEvents == [.verificationFinished, .promotionStarted])
    }

    @Test func `refusals of a start come in the order of the documentation`() {
        var world = world()
        let (_, first) = world.givenPromoted(Shop.web, commit: "w1")
        let second = request(world.givenFreight(Shop.web, commit: "w2"), &world)
        let third = request(world.givenFreight(Shop.payments, commit: "p1"), &world)
        world.when(start(PromotionName(unchecked: "none")))
        #expect(
            world.refusal
                == .unknownPromotion(PromotionName(unchecked: "none"), in: Shop.project)
        )
        world.when(start(first))
        #expect(world.refusal == .promotionNotPending(first, phase: .succeeded))
        world.when(start(third))
        #expect(world.refusal == .anotherPromotionIsNext(second, on: Shop.dev))
        world.when(start(second))
        #expect(world.refusal == .verificationOpen(first, on: Shop.dev))
        world.report(.passed)
        world.when(start(second))
        world.when(start(third))
        #expect(world.refusal == .anotherPromotionRuns(second, on: Shop.dev))
    }
}
