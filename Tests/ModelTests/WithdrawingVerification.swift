import EventLog
import PromotionModel
import Testing

/// A later failure takes back what had passed.
@Suite struct WithdrawingVerification {
    private func pair(_ stages: StageName...) -> World {
        var world = World()
        world.given(stages.reduce(Shop.pair) { Shop.verifying($1, in: $0) })
        return world
    }

    // MARK: - What it takes back

    @Test func `a failed re-verification withdraws, and availability says so`() {
        var world = pair()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        #expect(world.availability(of: freight, to: Shop.uat)?.isAvailable == true)
        world.wait(minutes: 1)
        world.report(.failed, of: .promotion(promotion))
        #expect(world.verified(freight).isEmpty && world.withdrawn(freight) == [Shop.dev])
        #expect(
            world.availability(of: freight, to: Shop.uat)
                == .unavailable([.withdrawn(in: Shop.dev, at: world.now)])
        )
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.uat,
                    selection: .from(Shop.dev, origin: .warehouse(Shop.web))
                )
            )
        )
        guard case .nothingToPromote(Shop.dev, Shop.uat, _) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        world.report(.passed, of: .promotion(promotion))
        #expect(world.verified(freight) == [Shop.dev] && world.withdrawn(freight).isEmpty)
        #expect(world.availability(of: freight, to: Shop.uat)?.isAvailable == true)
    }

    @Test(arguments: [ReportedResult.errored, .inconclusive])
    func `what could not be found out takes nothing back`(result: ReportedResult) {
        var world = pair()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(result, of: .promotion(promotion))
        #expect(world.verified(freight) == [Shop.dev])
        #expect(world.record(of: promotion)?.stands == true)
    }

    @Test func `what the promotion did not put in stays verified`() {
        var world = pair()
        let (web, _) = world.givenPromoted(Shop.web, commit: "w1")
        let (payments, promotion) = world.givenPromoted(Shop.payments, commit: "p1")
        world.report(.failed, of: .promotion(promotion))
        #expect(world.verified(payments).isEmpty)
        #expect(world.verified(web) == [Shop.dev], "it was verified before payments came")
    }

    @Test func `what passed through a promotion that did not put it in fails with it`() {
        var world = pair(Shop.dev)
        let (web, first) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(.inconclusive)
        let (payments, second) = world.givenPromoted(Shop.payments, commit: "p1")
        world.report(.passed)
        #expect(world.verified(web) == [Shop.dev], "success is of the whole collection")
        world.report(.passed, of: .promotion(second), evidence: "run 2")
        world.report(.failed, of: .promotion(second))
        #expect(world.verified(web).isEmpty && world.verified(payments).isEmpty)
        world.report(.passed, of: .promotion(first))
        #expect(world.verified(web) == [Shop.dev] && world.verified(payments).isEmpty)
    }

    @Test func `promoting what runs again is a verification of it`() {
        var world = pair(Shop.dev)
        let (freight, _) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(.passed)
        let (other, _) = world.givenPromoted(Shop.payments, commit: "p1")
        world.report(.passed)
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        #expect(world.verified(freight) == [Shop.dev], "until the result is there")
        world.report(.failed)
        #expect(world.verified(freight).isEmpty, "nothing changed, so it is what was asked for")
        #expect(world.verified(other) == [Shop.dev])
    }

    @Test func `freight that comes back and fails is withdrawn, whatever it passed before`() {
        var world = pair(Shop.dev)
        let (first, _) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(.passed)
        world.givenPromoted(Shop.web, commit: "w2")
        world.report(.passed)
        world.givenPromotion(of: [first.rawValue], to: Shop.dev)
        world.report(.failed)
        #expect(world.verified(first).isEmpty)
    }

    @Test func `a bundle and the parts that it changed fail together`() {
        var world = Shop.released()
        let parts = world.facts.junctionState(Shop.release, in: Shop.project).slots
        let web = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(
            .repackage(
                Repackage(project: Shop.project, junction: Shop.release, alias: "second")
            )
        )
        let promotion = world.givenPromotion(of: ["second"], to: Shop.prod)
        world.report(.failed, of: .promotion(promotion))
        let second = world.facts.freight(withAlias: "second", in: Shop.project)
        let first = world.facts.freight(withAlias: "first", in: Shop.project)
        #expect(second.map(world.withdrawn) == [Shop.prod])
        #expect(world.withdrawn(web) == [Shop.prod])
        #expect(first.map(world.verified) == [Shop.prod])
        for slot in parts where slot.origin != .warehouse(Shop.web) {
            #expect(world.verified(slot.freight).contains(Shop.prod))
        }
    }

    // MARK: - What gives it back

    @Test func `where nobody looks, a later promotion gives nothing back`() {
        var world = pair()
        let (web, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(.failed, of: .promotion(promotion))
        let (payments, _) = world.givenPromoted(Shop.payments, commit: "p1")
        #expect(world.verified(payments) == [Shop.dev])
        #expect(world.verified(web).isEmpty, "it runs along, and nobody looked at it")
        world.givenPromotion(of: [web.rawValue], to: Shop.dev)
        #expect(world.verified(web) == [Shop.dev], "put in again, by somebody")
    }

    @Test func `somebody who looks at a collection gives back what is in it`() {
        var world = pair(Shop.dev)
        let (web, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(.passed)
        world.report(.failed, of: .promotion(promotion))
        world.givenPromoted(Shop.payments, commit: "p1")
        world.report(.passed)
        #expect(world.verified(web) == [Shop.dev])
    }

    // MARK: - Order and soak

    @Test func `more evidence for the same makes nothing newer`() throws {
        var world = pair()
        let (first, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        let (second, _) = world.givenPromoted(Shop.web, commit: "w2")
        world.report(.passed, of: .promotion(promotion), evidence: "run 2")
        let old = world.facts.freightStatus(first, in: Shop.project).verified.first
        let new = world.facts.freightStatus(second, in: Shop.project).verified.first
        #expect(try #require(old).latest < #require(new).latest)
    }

    @Test func `soak is forgotten, and counts anew from the next success`() {
        var world = soaking()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        world.wait(minutes: 90)
        #expect(world.availability(of: freight, to: Shop.uat)?.isAvailable == true)
        world.report(.failed, of: .promotion(promotion))
        world.wait(minutes: 90)
        world.report(.passed, of: .promotion(promotion))
        let due = world.now.adding(milliseconds: 3_600_000)
        #expect(
            world.availability(of: freight, to: Shop.uat)
                == .unavailable([.notSoaked(in: Shop.dev, until: due)])
        )
        world.wait(minutes: 60)
        #expect(world.availability(of: freight, to: Shop.uat) == .available(since: due))
    }

    /// uat takes web from dev after an hour there.
    private func soaking() -> World {
        var resources = Shop.pair
        resources[4] = Shop.resource(
            .stage(Shop.uat, Shop.stage([Shop.from(Shop.dev, Shop.web, soakMinutes: 60)]))
        )
        var world = World()
        world.given(resources)
        return world
    }

    @Test func `a completed stay is forgotten too`() {
        var world = soaking()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        world.wait(minutes: 90)
        world.givenPromoted(Shop.web, commit: "w2")
        #expect(world.availability(of: freight, to: Shop.uat)?.isAvailable == true)
        world.report(.failed, of: .promotion(promotion))
        world.report(.passed, of: .promotion(promotion))
        #expect(
            world.availability(of: freight, to: Shop.uat)
                == .unavailable([.notSoaked(in: Shop.dev, until: nil)])
        )
    }

    @Test func `of a stay in which it was withdrawn the part after the next success counts`() {
        var world = soaking()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        world.wait(minutes: 90)
        world.report(.failed, of: .promotion(promotion))
        world.report(.passed, of: .promotion(promotion))
        world.wait(minutes: 30)
        world.givenPromoted(Shop.web, commit: "w2")
        world.wait(minutes: 600)
        #expect(
            world.availability(of: freight, to: Shop.uat)
                == .unavailable([.notSoaked(in: Shop.dev, until: nil)]),
            "it stayed 30 minutes after it was verified anew"
        )
        let soaked = world.facts.freightStatus(freight, in: Shop.project).soaked
        #expect(soaked.map(\.longestMs) == [1_800_000])
    }

    @Test func `a stay in a stage that was deleted does not hide a shorter one in the next`() {
        var world = soaking()
        let (freight, _) = world.givenPromoted(Shop.web, commit: "w1")
        world.wait(minutes: 600)
        world.givenPromoted(Shop.web, commit: "w2")
        world.givenMadeAnew(Shop.dev)
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        #expect(world.availability(of: freight, to: Shop.uat)?.isAvailable == false)
        world.wait(minutes: 61)
        world.givenPromoted(Shop.web, commit: "w3")
        #expect(world.availability(of: freight, to: Shop.uat)?.isAvailable == true)
    }

    @Test func `marks of a stage that was deleted count for nothing in the next of its name`() {
        var world = soaking()
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        world.wait(minutes: 600)
        world.givenPromoted(Shop.web, commit: "w2")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        world.report(.failed, of: .promotion(promotion))
        world.givenMadeAnew(Shop.dev)
        #expect(
            world.availability(of: freight, to: Shop.uat)
                == .unavailable([.notVerified(in: Shop.dev)])
        )
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        let since = world.now
        #expect(
            world.availability(of: freight, to: Shop.uat)
                == .unavailable([
                    .notSoaked(in: Shop.dev, until: since.adding(milliseconds: 3_600_000))
                ])
        )
        let mark = world.facts.freightStatus(freight, in: Shop.project).verified.first
        #expect(mark?.soakFrom == nil, "the earlier stage's failure is its own")
    }

    @Test func `what is verified in an earlier stage of the name is not taken from it`() {
        var world = pair()
        let (freight, _) = world.givenPromoted(Shop.web, commit: "w1")
        world.givenMadeAnew(Shop.dev)
        world.given(Shop.verifying(Shop.dev, in: Shop.pair))
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.uat,
                    selection: .from(Shop.dev, origin: .warehouse(Shop.web))
                )
            )
        )
        guard case .nothingToPromote(Shop.dev, Shop.uat, _) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        world.report(.passed)
        world.givenPromotion(of: [freight.rawValue], to: Shop.uat)
        #expect(world.running(Shop.uat) == ["web": "w1"])
    }
}
