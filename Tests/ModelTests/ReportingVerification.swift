import EventLog
import PromotionModel
import Testing

/// `report`: which verification a result is about, and which results are not taken.
@Suite struct ReportingVerification {
    /// The pair of stages, both of which wait for reports.
    private func world() -> World {
        var world = World()
        world.given(
            Shop.verifying(Shop.uat, in: Shop.verifying(Shop.dev, in: Shop.pair))
        )
        return world
    }

    private func collection(_ stage: StageName, _ world: World) -> CollectionID {
        world.facts.stageState(stage, in: Shop.project).current?.id
            ?? CollectionID(unchecked: "none")
    }

    // MARK: - Allowed

    @Test func `the only open verification needs no name, and evidence is kept`() throws {
        var world = world()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        world.wait(minutes: 5)
        world.report(
            .passed,
            evidence: "https://ci.example.com/runs/7",
            message: "12 tests",
            reason: "the suite is green"
        )
        #expect(world.madeEvents == [.verificationFinished])
        let record = try #require(world.record(of: promotion))
        #expect(record.result == .successful && record.at == world.now)
        #expect(record.evidence == "https://ci.example.com/runs/7")
        #expect(record.message == "12 tests" && record.reason == "the suite is green")
        #expect(record.actor == "operator" && !record.isUnseen && record.stands)
        #expect(world.verified(freight) == [Shop.dev])
        #expect(world.availability(of: freight, to: Shop.uat)?.isAvailable == true)
        #expect(world.facts.stageState(Shop.dev, in: Shop.project).verification == nil)
    }

    @Test func `a result marks the collection that it is about, and no later one`() {
        var world = world()
        let (first, old) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(.inconclusive)
        let (second, _) = world.givenPromoted(Shop.web, commit: "w2")
        world.report(.passed, of: .promotion(old))
        #expect(world.verified(first) == [Shop.dev] && world.verified(second).isEmpty)
        #expect(
            world.facts.stageState(Shop.dev, in: Shop.project).verification != nil,
            "the one of w2 is open still"
        )
    }

    @Test func `with several open, a stage or promotion says which`() throws {
        var world = world()
        let (freight, inDev) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(.passed)
        let inUAT = world.givenPromotion(of: [freight.rawValue], to: Shop.uat)
        let (_, again) = world.givenPromoted(Shop.web, commit: "w2")
        world.report(.passed)
        #expect(world.refusal == .severalVerificationsOpen([again, inUAT]))
        world.report(.passed, of: .open(in: Shop.uat))
        #expect(world.record(of: inUAT)?.result == .successful)
        world.report(.failed, of: .promotion(again))
        #expect(world.record(of: again)?.result == .failed)
        #expect(world.record(of: inDev)?.result == .successful)
    }

    @Test func `a collection means the last promotion that made it current`() {
        var world = world()
        let (_, first) = world.givenPromoted(Shop.web, commit: "w1")
        let id = collection(Shop.dev, world)
        world.report(.passed)
        world.givenPromoted(Shop.web, commit: "w2")
        world.report(.passed)
        world.when(
            .rollBackStage(
                RollBackStage(project: Shop.project, stage: Shop.dev, target: .previous)
            )
        )
        world.settle()
        let back = world.facts.stageState(Shop.dev, in: Shop.project).currentPromotion
        world.report(.failed, of: .collection(String(id.rawValue.prefix(6)), in: nil))
        #expect(back.flatMap { world.record(of: $0) }?.result == .failed)
        #expect(world.record(of: first)?.result == .successful)
    }

    @Test func `a collection that ran in several stages needs the stage`() {
        var world = world()
        let (freight, inDev) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(.passed)
        let inUAT = world.givenPromotion(of: [freight.rawValue], to: Shop.uat)
        let id = collection(Shop.dev, world).rawValue
        world.report(.failed, of: .collection(id, in: nil))
        #expect(world.refusal == .collectionInSeveralStages(id, stages: [Shop.dev, Shop.uat]))
        world.report(.failed, of: .collection(id, in: Shop.dev))
        #expect(world.record(of: inDev)?.result == .failed)
        #expect(world.record(of: inUAT) == nil)
    }

    @Test func `what was verified by running can be reported on`() {
        var world = World()
        world.given(Shop.pair)
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(.passed, of: .promotion(promotion))
        #expect(world.madeEvents == [.verificationFinished], "somebody looked now")
        #expect(world.record(of: promotion)?.implicit == false)
        world.report(.failed, of: .promotion(promotion))
        #expect(world.verified(freight).isEmpty && world.withdrawn(freight) == [Shop.dev])
    }

    // MARK: - Quiet

    @Test func `the same result with the same evidence is quiet, with other evidence it is not`() {
        var world = world()
        let (_, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        let target = VerificationTarget.promotion(promotion)
        world.report(.passed, of: target, evidence: "run 1")
        world.report(.passed, of: target, evidence: "run 1", message: "again")
        #expect(world.verdict == .quiet)
        world.report(.passed, of: target, evidence: "run 2")
        #expect(world.madeEvents == [.verificationFinished])
        world.report(.failed, of: target, evidence: "run 2")
        #expect(world.madeEvents == [.verificationFinished])
    }

    // MARK: - Refused

    @Test func `without a name, exactly one verification must be open`() {
        var world = world()
        world.report(.passed)
        #expect(world.refusal == .noVerificationOpen(Shop.project, stage: nil))
        world.givenPromoted(Shop.web, commit: "w1")
        world.report(.passed, of: .open(in: Shop.uat))
        #expect(world.refusal == .noVerificationOpen(Shop.project, stage: Shop.uat))
    }

    @Test func `only what a promotion made a stage run is judged`() {
        var world = world()
        let freight = world.givenFreight(Shop.web, commit: "w1")
        let failed = world.givenPromotion(of: [freight.rawValue], to: Shop.dev, ending: .failed)
        world.report(.passed, of: .promotion(failed))
        #expect(world.refusal == .promotionNotSucceeded(failed, phase: .failed))
    }

    @Test(arguments: ["abcde", "ABCDEF0", "no-digits", ""])
    func `a collection is named by six digits or more`(text: String) {
        var world = world()
        world.report(.passed, of: .collection(text, in: nil))
        #expect(world.refusal == .collectionReferenceMalformed(text))
    }

    @Test func `a collection must have run, in the stage if one is named`() {
        var world = world()
        world.givenPromoted(Shop.web, commit: "w1")
        world.report(.passed, of: .collection("0000000", in: nil))
        #expect(world.refusal == .collectionNeverRan("0000000", in: Shop.project))
        let id = collection(Shop.dev, world).rawValue
        world.report(.passed, of: .collection(id, in: Shop.uat))
        #expect(world.refusal == .unknownCollection(id, on: Shop.uat))
    }

    @Test func `what ran in a stage of the same name that is gone is judged no more`() {
        var world = world()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        let id = collection(Shop.dev, world).rawValue
        world.givenMadeAnew(Shop.dev)
        world.report(.passed, of: .promotion(promotion))
        #expect(world.refusal == .promotionOfRemovedStage(promotion, Shop.dev))
        world.report(.passed, of: .collection(id, in: nil))
        #expect(world.refusal == .collectionNeverRan(id, in: Shop.project))
        world.report(.passed)
        #expect(world.refusal == .noVerificationOpen(Shop.project, stage: nil))
        #expect(world.verified(freight).isEmpty)
    }

    @Test func `evidence and message have bounds, and addresses no password`() {
        var world = world()
        world.givenPromoted(Shop.web, commit: "w1")
        world.report(.passed, evidence: "")
        #expect(world.refusal == .evidenceMalformed(byteCount: 0))
        world.report(.passed, evidence: "line\nline")
        #expect(world.refusal == .evidenceMalformed(byteCount: 9))
        world.report(.passed, evidence: String(repeating: "x", count: 2049))
        #expect(world.refusal == .evidenceMalformed(byteCount: 2049))
        world.report(.passed, evidence: "https://operator:secret@ci.example.com/runs/7")
        #expect(world.refusal == .evidenceWithPassword)
        world.report(.passed, message: String(repeating: "x", count: 4097))
        #expect(world.refusal == .findingMalformed(byteCount: 4097))
        world.report(.passed, message: "")
        #expect(world.refusal == .findingMalformed(byteCount: 0))
    }

    @Test func `refusals come in the order of the documentation`() {
        var world = world()
        let none = PromotionName(unchecked: "none")
        let elsewhere = ProjectName(unchecked: "elsewhere")
        let long = String(repeating: "x", count: 5000)
        func report(_ project: ProjectName, _ target: VerificationTarget) -> Command {
            .reportVerification(
                ReportVerification(
                    project: project,
                    target: target,
                    result: .passed,
                    evidence: long,
                    message: long
                )
            )
        }
        world.when(report(elsewhere, .promotion(none)))
        #expect(world.refusal == .unknownProject(elsewhere))
        world.when(report(Shop.project, .promotion(none)))
        #expect(world.refusal == .unknownPromotion(none, in: Shop.project))
        let gone = StageName(unchecked: "gone")
        world.when(report(Shop.project, .collection("short", in: gone)))
        #expect(world.refusal == .unknownStage(gone, in: Shop.project))
        let freight = world.givenFreight(Shop.web, commit: "w1")
        let failed = world.givenPromotion(of: [freight.rawValue], to: Shop.dev, ending: .failed)
        world.when(report(Shop.project, .promotion(failed)))
        #expect(world.refusal == .promotionNotSucceeded(failed, phase: .failed))
        let (_, promotion) = world.givenPromoted(Shop.web, commit: "w2")
        world.when(report(Shop.project, .promotion(promotion)))
        #expect(world.refusal == .evidenceMalformed(byteCount: 5000))
        world.report(.passed, message: long)
        #expect(world.refusal == .findingMalformed(byteCount: 5000))
    }

    @Test func `a refusal names ten of many and counts the rest`() {
        let names = (1...12).map { PromotionName(unchecked: "p\($0)") }
        #expect(
            Refusal.severalVerificationsOpen(names).description
                == "the verifications of p1, p2, p3, p4, p5, p6, p7, p8, p9, p10 and 2 more are "
                + "open; say with --promotion which one the result is about"
        )
    }

    // MARK: - Health

    @Test func `health is kept until something else runs, and the same again is quiet`() {
        var world = world()
        func health(_ health: Health, _ message: String? = nil) -> Command {
            .reportHealth(
                ReportHealth(
                    project: Shop.project,
                    stage: Shop.dev,
                    health: health,
                    message: message
                )
            )
        }
        let since = world.now
        world.when(health(.unhealthy, "2 of 5 are ready"))
        #expect(world.madeEvents == [.healthReported])
        world.wait(minutes: 1)
        world.when(health(.unhealthy, "2 of 5 are ready"))
        #expect(world.verdict == .quiet)
        world.when(health(.unhealthy, "1 of 5 is ready"))
        var state = world.facts.stageState(Shop.dev, in: Shop.project)
        #expect(state.health == .unhealthy && state.healthMessage == "1 of 5 is ready")
        #expect(state.healthSince == since, "it is unhealthy since then, for whatever reason")
        let (freight, _) = world.givenPromoted(Shop.web, commit: "w1")
        state = world.facts.stageState(Shop.dev, in: Shop.project)
        #expect(state.health == .unknown && state.healthMessage == nil)
        #expect(state.healthSince == nil)
        world.when(health(.unhealthy))
        world.report(.passed)
        #expect(
            world.availability(of: freight, to: Shop.uat)?.isAvailable == true,
            "health moves nothing and keeps nothing"
        )
        world.when(health(.healthy, ""))
        #expect(world.refusal == .findingMalformed(byteCount: 0))
        let gone = StageName(unchecked: "gone")
        world.when(
            .reportHealth(
                ReportHealth(project: Shop.project, stage: gone, health: .healthy, message: "")
            )
        )
        #expect(world.refusal == .unknownStage(gone, in: Shop.project))
    }
}
