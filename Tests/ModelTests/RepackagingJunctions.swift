import EventLog
import PromotionModel
import Testing

@Suite struct RepackagingJunctions {
    private let subject = Subject.junction(Shop.release)

    /// The settled shop with a junction that repackages by itself.
    private func shop(_ change: (inout JunctionSpec) -> Void) -> World {
        var spec = Shop.junction()
        spec.repackagingPolicy = .automatic
        change(&spec)
        var world = World()
        world.given(Shop.resources(with: spec))
        for warehouse in Shop.warehouses {
            world.givenFreight(warehouse, commit: "\(warehouse)-1")
        }
        world.settle()
        return world
    }

    private func outlook(_ world: World) throws -> RepackagingOutlook {
        let spec = world.facts.junction(Shop.release, in: Shop.project)?.spec
        return try RepackagingRule(facts: world.facts, project: Shop.project, now: world.now)
            .outlook(of: Shop.release, spec ?? JunctionSpec(), world.junction)
    }

    private func repackaged(_ world: World) -> FreightRepackaged? {
        for draft in world.events.reversed() {
            if case .freightRepackaged(let event) = draft.event { return event }
        }
        return nil
    }

    @Test func `automation repackages what changed, and says over what`() {
        var world = shop { _ in }
        #expect(
            repackaged(world)?.because
                == "repackaging Automatic, the slots hold another combination: the first bundle"
        )
        let first = repackaged(world)?.alias ?? ""
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        let second = repackaged(world)?.alias ?? ""
        #expect(
            repackaged(world)?.because
                == "repackaging Automatic, the slots hold another combination: \(second) rather "
                + "than \(first)"
        )
        #expect(world.nextSteps(for: subject).commands.isEmpty)
    }

    // MARK: - Debouncing

    @Test func `automation waits until the slots were still`() {
        var world = shop { $0.debounceMs = 10 * 60_000 }
        let filled = world.now
        #expect(world.junction.bundle == nil)
        #expect(world.nextSteps(for: subject).wakeAt == filled.adding(milliseconds: 600_000))
        world.wait(minutes: 9)
        world.settle()
        #expect(world.junction.bundle == nil)
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.wait(minutes: 9)
        world.settle()
        #expect(world.junction.bundle == nil, "it was restless nine minutes ago")
        world.wait(minutes: 1)
        world.settle()
        #expect(repackaged(world)?.constituents.count == 3)
        #expect(world.nextSteps(for: subject).wakeAt == nil)
    }

    @Test func `however restless the slots are, it waits no longer than debounceMax`() {
        var world = shop {
            $0.debounceMs = 10 * 60_000
            $0.debounceMaxMs = 25 * 60_000
        }
        let bound = world.now.adding(milliseconds: 25 * 60_000)
        for number in 2...3 {
            world.wait(minutes: 9)
            world.givenFreight(Shop.web, commit: "web-\(number)")
            world.settle()
        }
        #expect(world.junction.bundle == nil)
        #expect(world.nextSteps(for: subject).wakeAt == bound)
        world.wait(minutes: 7)
        world.settle()
        #expect(world.now == bound && world.junction.bundle != nil)
    }

    @Test func `the bound counts from the first change that no bundle has`() {
        var world = shop {
            $0.debounceMs = 10 * 60_000
            $0.debounceMaxMs = 15 * 60_000
        }
        world.wait(minutes: 10)
        world.settle()
        let first = world.junction.bundle
        #expect(first != nil && world.junction.unbundledSince == nil)
        let old = world.slot(Shop.web)
        let new = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        let changed = world.now
        #expect(world.junction.unbundledSince == changed)
        world.wait(minutes: 8)
        world.collect(old)
        #expect(world.junction.unbundledSince == nil, "the slots hold what the bundle has")
        world.wait(minutes: 60)
        world.settle()
        #expect(world.junction.bundle == first)
        world.collect(new)
        #expect(world.junction.unbundledSince == world.now)
        #expect(
            world.nextSteps(for: subject).wakeAt == world.now.adding(milliseconds: 10 * 60_000)
        )
        // Whatever was before the slots held the bundle again does not count.
        world.wait(minutes: 9)
        world.givenFreight(Shop.web, commit: "web-3")
        world.settle()
        #expect(
            world.nextSteps(for: subject).wakeAt == world.now.adding(milliseconds: 6 * 60_000)
        )
    }

    @Test func `holding a slot, or letting it go, is no change of what it holds`() {
        var world = shop { $0.debounceMs = 10 * 60_000 }
        let since = world.junction.changedAt
        let web = world.slot(Shop.web)
        world.givenFreight(Shop.web, commit: "web-2")
        world.collect(web)
        world.wait(minutes: 5)
        world.collect(web)
        #expect(world.junction.changedAt == since)
    }

    @Test func `a person does not wait`() {
        var world = shop {
            $0.debounceMs = 60 * 60_000
            $0.criteria = "false"
        }
        world.repackage("by-hand")
        #expect(world.madeEvents == [.freightRepackaged])
    }

    // MARK: - Criteria

    @Test(arguments: [
        ("len(changed) > 0", true), ("len(changed) >= 4", false),
        (#"any(changed, #.name == "web")"#, true), (#"all(components, #.change == "added")"#, true),
        ("lastRepackaged == nil", true), ("len(artifacts) == 3", true),
        (#"any(artifacts, #.kind == "commit" && #.ID == "web-1")"#, true),
        (#"any(artifacts, #.origin.name == "checkout" && #.Branch == "main")"#, true),
        (#"changed[0].to.commits[0].ID == "checkout-1" && changed[0].from == nil"#, true),
        // Kargo's reading of what is no boolean.
        ("1", true), (#""t""#, true), ("0", false), (#""false""#, false), ("   ", true),
    ])
    func `criteria say whether automation repackages`(criteria: String, holds: Bool) throws {
        let world = shop { $0.criteria = criteria }
        #expect((world.junction.bundle != nil) == holds)
        let obstacles = try outlook(world).obstacles
        #expect(holds || obstacles == [.criteriaNotMet(criteria)], "\(obstacles)")
    }

    @Test(arguments: ["changed", "changed[7].name", "1 +", "len(nothing)", "2", "secondsSince(1)"])
    func `criteria that fail, or that are no condition, repackage nothing and say why`(
        criteria: String
    ) throws {
        let world = shop { $0.criteria = criteria }
        #expect(world.junction.bundle == nil)
        guard case .criteriaFailed(criteria, let error) = try outlook(world).obstacles.first else {
            Issue.record("\(try outlook(world).obstacles)")
            return
        }
        #expect(!error.isEmpty)
    }

    @Test func `criteria know the bundle before`() {
        var world = shop { $0.criteria = "lastRepackaged == nil || len(changed) >= 2" }
        let first = world.junction.bundle
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        #expect(world.junction.bundle == first)
        world.givenFreight(Shop.payments, commit: "payments-2")
        world.settle()
        #expect(world.junction.bundle != first)
        #expect(repackaged(world)?.changes.map(\.kind) == [.unchanged, .changed, .changed])
    }

    @Test func `criteria that ask the time are judged again`() {
        var world = shop {
            $0.criteria = "lastRepackaged == nil || secondsSince(lastRepackaged) >= 3600"
        }
        let first = world.junction.bundle
        world.wait(minutes: 10)
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        #expect(world.junction.bundle == first)
        #expect(world.nextSteps(for: subject).wakeAt == world.now.adding(milliseconds: 60_000))
        world.wait(minutes: 50)
        world.settle()
        #expect(world.junction.bundle != first)
    }

    // MARK: - Verified together

    /// uat ran checkout-1 with web-1 and payments-1, then web-2, then payments-2; the slots hold
    /// web-1 and payments-2, which it never ran together.
    private func mixed(_ spec: JunctionSpec) -> World {
        var world = World()
        world.given(Shop.resources(with: spec))
        for warehouse in Shop.warehouses {
            world.givenFreight(warehouse, commit: "\(warehouse)-1")
        }
        world.settle()
        let web = world.slot(Shop.web)
        for warehouse in [Shop.web, Shop.payments] {
            world.givenFreight(warehouse, commit: "\(warehouse)-2")
            world.settle()
        }
        world.collect(web)
        return world
    }

    @Test func `a junction that wants it takes nothing that was never verified together`() throws {
        var spec = Shop.junction()
        spec.requireVerifiedTogether = true
        var world = mixed(spec)
        world.repackage()
        #expect(world.refusal == .notVerifiedTogether(Shop.release, in: [Shop.uat]))
        #expect(
            world.refusal?.description
                == "junction release: what it holds was never verified together in uat; collect "
                + "what ran there together, or wait until that is verified"
        )
        #expect(try outlook(world).obstacles == [.neverTogether([Shop.uat]), .byHand])
        world.collect()
        world.repackage()
        #expect(repackaged(world)?.verifiedTogether == [Shop.uat])
    }

    @Test func `automation waits for what was verified together`() {
        var spec = Shop.junction()
        spec.requireVerifiedTogether = true
        spec.repackagingPolicy = .automatic
        var world = mixed(spec)
        let bundle = world.junction.bundle
        world.settle()
        #expect(world.junction.bundle == bundle)
        world.collect()
        world.settle()
        #expect(world.junction.bundle == bundle, "uat had verified that one last")
    }

    @Test func `without the requirement it is made, and says that nothing verified it`() {
        var world = mixed(Shop.junction())
        world.repackage()
        #expect(repackaged(world)?.verifiedTogether == [])
    }

    @Test func `a combination whose verification was withdrawn no longer counts`() throws {
        var world = Shop.settled()
        let entry = try #require(
            world.facts.collections(
                of: Shop.uat,
                in: Shop.project,
                before: Position(rawValue: .max),
                limit: 1
            ).first
        )
        var failure = VerificationFinished()
        failure.stage = Shop.uat
        failure.promotion = entry.promotion
        failure.result = .failed
        let leaves = Shop.warehouses.map {
            Constituent(origin: .warehouse($0), freight: world.slot($0) ?? .init(unchecked: ""))
        }
        #expect(try world.facts.verifiedTogether(leaves, in: Shop.uat, of: Shop.project))
        world.given(.verificationFinished(failure), about: .stage(Shop.uat))
        #expect(try !world.facts.verifiedTogether(leaves, in: Shop.uat, of: Shop.project))
    }

    // MARK: - Refusals

    @Test func `automation is refused where it has to wait, and told why`() {
        var world = Shop.settled()
        world.repackage(by: "automation")
        #expect(
            world.refusal
                == .repackagingWaits(Shop.release, why: "it is repackaged by hand")
        )
        var restless = shop { $0.debounceMs = 60_000 }
        restless.repackage(by: "automation")
        guard case .repackagingWaits(Shop.release, let why) = restless.refusal else {
            Issue.record("\(restless.verdict)")
            return
        }
        #expect(why.hasPrefix("a slot changed at 2026-11-23T09:00:00Z, and automation waits until"))
        var undecided = shop { $0.criteria = "false" }
        undecided.repackage(by: "automation")
        #expect(
            undecided.refusal
                == .repackagingWaits(Shop.release, why: "its criteria do not hold: “false”")
        )
    }

    @Test func `refusals come in the order of the documentation`() {
        var spec = Shop.junction()
        spec.requireVerifiedTogether = true
        var world = mixed(spec)
        let web = world.slot(Shop.web)
        world.repackage("taken-too")
        #expect(world.refusal == .notVerifiedTogether(Shop.release, in: [Shop.uat]))
        world.when(
            .quarantineFreight(
                QuarantineFreight(project: Shop.project, freight: web?.rawValue ?? "")
            ),
            reason: "it loses data"
        )
        world.repackage()
        guard case .freightNotAvailable(_, .junction(Shop.release), _) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        world.settle()
        world.when(
            .quarantineFreight(
                QuarantineFreight(
                    project: Shop.project,
                    freight: world.slot(Shop.web)?.rawValue ?? ""
                )
            ),
            reason: "this too"
        )
        world.settle()
        world.repackage()
        #expect(world.refusal == .slotsEmpty(Shop.release, origins: [.warehouse(Shop.web)]))
        let nothing = JunctionName(unchecked: "nothing")
        world.when(.repackage(Repackage(project: Shop.project, junction: nothing)))
        #expect(world.refusal == .unknownJunction(nothing, in: Shop.project))
    }

    @Test func `an optional slot may be empty, but not all of them`() {
        var spec = Shop.junction()
        spec.requestedFreight = Shop.warehouses.map { warehouse in
            var request = Shop.from(Shop.uat, warehouse)
            request.optional = true
            return request
        }
        var world = World()
        world.given(Shop.resources(with: spec))
        world.repackage()
        #expect(world.refusal == .slotsEmpty(Shop.release, origins: []))
        world.givenFreight(Shop.web, commit: "web-1")
        world.settle()
        world.repackage()
        #expect(repackaged(world)?.constituents.map(\.origin) == [.warehouse(Shop.web)])
    }
}
