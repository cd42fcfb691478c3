import EventLog
import PromotionModel
import Testing

/// The claim that the parts of a bundle were verified together upstream.
@Suite struct VerifiedTogether {
    /// uat takes both warehouses directly and waits for reports; the junction takes from uat.
    private func world(verifying: Bool = true) -> World {
        var junction = JunctionSpec()
        junction.requestedFreight = [
            Shop.from(Shop.uat, Shop.payments), Shop.from(Shop.uat, Shop.web),
        ]
        let resources =
            [Shop.resource(.project)]
            + [Shop.payments, Shop.web].map { Shop.resource(.warehouse($0, Shop.warehouse($0))) }
            + [
                Shop.resource(
                    .stage(
                        Shop.uat,
                        Shop.stage([Shop.direct(Shop.payments), Shop.direct(Shop.web)])
                    )
                ),
                Shop.resource(.junction(Shop.release, junction)),
            ]
        var world = World()
        world.given(verifying ? Shop.verifying(Shop.uat, in: resources) : resources)
        return world
    }

    private func claim(_ world: World, _ freight: FreightID...) throws -> Bool {
        let leaves = freight.compactMap { world.facts.freight($0, in: Shop.project) }
            .flatMap(\.leaves)
        #expect(leaves.count == freight.count)
        return try world.facts.verifiedTogether(leaves, in: Shop.uat, of: Shop.project)
    }

    @Test func `a combination that ran is not verified until somebody says so`() throws {
        var world = world()
        let (payments, _) = world.givenPromoted(Shop.payments, commit: "p1", to: Shop.uat)
        world.report(.passed)
        let (web, both) = world.givenPromoted(Shop.web, commit: "w1", to: Shop.uat)
        #expect(try !claim(world, payments, web))
        world.report(.inconclusive)
        #expect(try !claim(world, payments, web))
        world.report(.passed, of: .promotion(both))
        #expect(try claim(world, payments, web))
        world.report(.errored, of: .promotion(both))
        #expect(try claim(world, payments, web), "that takes nothing back")
        world.report(.failed, of: .promotion(both))
        #expect(try !claim(world, payments, web))
        #expect(try claim(world, payments), "it passed alone")
    }

    @Test func `what is verified by running is verified together by running together`() throws {
        var world = world(verifying: false)
        let (payments, _) = world.givenPromoted(Shop.payments, commit: "p1", to: Shop.uat)
        let (web, _) = world.givenPromoted(Shop.web, commit: "w1", to: Shop.uat)
        #expect(try claim(world, payments, web))
        let (newer, _) = world.givenPromoted(Shop.payments, commit: "p2", to: Shop.uat)
        let (newest, _) = world.givenPromoted(Shop.web, commit: "w2", to: Shop.uat)
        #expect(try claim(world, newer, newest) && claim(world, newer, web))
        #expect(try !claim(world, payments, newest), "they never met")
    }

    @Test func `of the same combination the last result counts, whichever promotion it is of`()
        throws
    {
        var world = world(verifying: false)
        let (payments, _) = world.givenPromoted(Shop.payments, commit: "p1", to: Shop.uat)
        let (web, first) = world.givenPromoted(Shop.web, commit: "w1", to: Shop.uat)
        world.givenPromoted(Shop.web, commit: "w2", to: Shop.uat)
        let again = world.givenPromotion(of: [web.rawValue], to: Shop.uat)
        world.report(.failed, of: .promotion(again))
        #expect(world.record(of: first)?.stands == true)
        #expect(try !claim(world, payments, web))
        world.report(.passed, of: .promotion(first), evidence: "run 2")
        #expect(try claim(world, payments, web))
    }

    @Test func `a larger combination that passed holds the smaller one`() throws {
        var world = world(verifying: false)
        let (payments, _) = world.givenPromoted(Shop.payments, commit: "p1", to: Shop.uat)
        let (web, promotion) = world.givenPromoted(Shop.web, commit: "w1", to: Shop.uat)
        #expect(try claim(world, web) && claim(world, payments))
        world.report(.failed, of: .promotion(promotion))
        #expect(try !claim(world, web))
    }

    @Test func `what ran in an earlier stage of the name does not count`() throws {
        var world = world(verifying: false)
        let (payments, _) = world.givenPromoted(Shop.payments, commit: "p1", to: Shop.uat)
        let (web, _) = world.givenPromoted(Shop.web, commit: "w1", to: Shop.uat)
        world.givenMadeAnew(Shop.uat)
        #expect(try !claim(world, payments, web))
        world.givenPromotion(of: [web.rawValue, payments.rawValue], to: Shop.uat)
        #expect(try claim(world, payments, web))
    }

    @Test func `stages before a control-flow stage are asked in its place`() throws {
        let gate = StageName(unchecked: "gate")
        var spec = Shop.stage([
            Shop.from(Shop.uat, Shop.payments), Shop.from(Shop.uat, Shop.web),
        ])
        spec.steps = []
        var junction = JunctionSpec()
        junction.requestedFreight = [
            Shop.from(gate, Shop.payments), Shop.from(gate, Shop.web),
        ]
        var world = world()
        world.given([
            Shop.resource(.stage(gate, spec)), Shop.resource(.junction(Shop.release, junction)),
        ])
        world.givenPromoted(Shop.payments, commit: "p1", to: Shop.uat)
        world.report(.passed)
        world.givenPromoted(Shop.web, commit: "w1", to: Shop.uat)
        world.report(.passed)
        world.settle()
        world.when(
            .repackage(Repackage(project: Shop.project, junction: Shop.release, alias: "train"))
        )
        guard case .events(let drafts) = world.verdict,
            case .freightRepackaged(let bundle) = drafts[0].event
        else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(bundle.verifiedTogether == [Shop.uat])
    }

    @Test func `the event keeps what held when the bundle was made`() throws {
        var world = world(verifying: false)
        let (payments, _) = world.givenPromoted(Shop.payments, commit: "p1", to: Shop.uat)
        let (web, both) = world.givenPromoted(Shop.web, commit: "w1", to: Shop.uat)
        world.settle()
        let repackage = Command.repackage(
            Repackage(project: Shop.project, junction: Shop.release, alias: "train")
        )
        world.when(repackage)
        guard case .events(let drafts) = world.verdict,
            case .freightRepackaged(let bundle) = drafts[0].event
        else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(bundle.verifiedTogether == [Shop.uat])
        world.report(.failed, of: .promotion(both))
        #expect(try !claim(world, payments, web), "views say what holds now")
    }

    @Test func `it looks through the last two hundred combinations`() throws {
        var world = world(verifying: false)
        let (payments, _) = world.givenPromoted(Shop.payments, commit: "p1", to: Shop.uat)
        let (web, _) = world.givenPromoted(Shop.web, commit: "w1", to: Shop.uat)
        for index in 2...200 {
            world.givenPromoted(Shop.web, commit: "w\(index)", to: Shop.uat)
        }
        #expect(try claim(world, payments, web))
        let (last, _) = world.givenPromoted(Shop.web, commit: "w201", to: Shop.uat)
        #expect(try !claim(world, payments, web))
        #expect(try claim(world, payments, last))
    }
}
