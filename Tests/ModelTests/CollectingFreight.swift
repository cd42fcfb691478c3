import EventLog
import PromotionModel
import Testing

@Suite struct CollectingFreight {
    private func collected(_ draft: EventDraft?) -> FreightCollected? {
        if case .freightCollected(let event) = draft?.event { event } else { nil }
    }

    private func emptied(_ draft: EventDraft?) -> SlotEmptied? {
        if case .slotEmptied(let event) = draft?.event { event } else { nil }
    }

    /// A junction that is filled by hand, with everything in it.
    private func manual() -> World {
        var spec = Shop.junction()
        spec.collectionPolicy = .manual
        var world = World()
        world.given(Shop.resources(with: spec))
        for warehouse in Shop.warehouses {
            world.givenFreight(warehouse, commit: "\(warehouse)-1")
        }
        world.settle()
        return world
    }

    private func quarantine(_ id: FreightID?, _ world: inout World) {
        world.when(
            .quarantineFreight(
                QuarantineFreight(project: Shop.project, freight: id?.rawValue ?? "")
            ),
            reason: "it loses data"
        )
    }

    // MARK: - By the selection

    @Test func `collecting by hand is left to people, and automation fills nothing`() {
        var world = manual()
        #expect(world.junction.slots.isEmpty)
        world.collect(by: "automation")
        #expect(world.verdict == .quiet)
        world.collect()
        #expect(world.junction.slots.count == 3)
        #expect(world.junction.slots.allSatisfy { !$0.automatic && !$0.held })
        world.collect()
        #expect(world.verdict == .quiet)
    }

    @Test func `an event says what was preferred over what`() {
        var world = Shop.settled()
        let old = world.slot(Shop.web)
        let first = world.events.last { $0.event.type == .freightCollected }
        #expect(collected(first)?.because?.contains("where the slot was empty") == true)
        let new = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        let last = world.events.last { $0.event.type == .freightCollected }
        #expect(
            collected(last)?.because
                == "collection Automatic, NewestFreight: \(world.alias(new)) rather than "
                + "\(world.alias(old))"
        )
    }

    @Test(arguments: [AutomationPolicy.automatic, .manual])
    func `freight that is no longer available leaves its slot, and the event says why`(
        policy: AutomationPolicy
    ) {
        var world = policy == .manual ? manual() : Shop.settled()
        world.collect()
        let web = world.slot(Shop.web)
        quarantine(web, &world)
        world.settle()
        #expect(world.slot(Shop.web) == nil)
        let event = emptied(world.drafts.last ?? world.events.last)
        #expect(event?.freight == web)
        let none = "; no other freight of Warehouse/web is available"
        #expect(
            event?.reason == "\(world.alias(web)) is quarantined: it loses data"
                + (policy == .manual ? "" : none)
        )
        let rule = policy == .manual ? "Manual" : "Automatic, NewestFreight"
        #expect(event?.because == "collection \(rule)")
    }

    @Test func `freight that may be collected again comes back to the slot that it left`() {
        var world = Shop.settled()
        let web = world.slot(Shop.web)
        quarantine(web, &world)
        let emptying = world.nextSteps(for: .junction(Shop.release)).commands
        world.settle()
        world.when(
            .liftQuarantine(
                LiftQuarantine(project: Shop.project, freight: web?.rawValue ?? "")
            ),
            reason: "it was fixed"
        )
        let filling = world.nextSteps(for: .junction(Shop.release)).commands
        #expect(emptying.count == 1 && filling.count == 1)
        // One command id is one command: the second would be a repetition of the first.
        #expect(emptying.first?.commandID != filling.first?.commandID)
        let ids = Set(world.given.map(\.envelope.id))
        #expect(!ids.contains(filling.first?.commandID ?? CommandID(unchecked: "")))
        world.settle()
        #expect(world.slot(Shop.web) == web)
    }

    @Test func `what upstream replaced stays in the slot until the next one is available`() {
        var spec = Shop.junction()
        spec.selection = .matchUpstream
        spec.requestedFreight = Shop.warehouses.map { Shop.from(Shop.uat, $0, soakMinutes: 60) }
        var world = World()
        world.given(Shop.resources(with: spec))
        let old = world.givenFreight(Shop.web, commit: "web-1")
        world.settle()
        #expect(world.slot(Shop.web) == nil)
        #expect(
            world.nextSteps(for: .junction(Shop.release)).wakeAt
                == world.now.adding(milliseconds: 3_600_000)
        )
        world.wait(minutes: 60)
        world.settle()
        #expect(world.slot(Shop.web) == old)
        let new = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        #expect(world.slot(Shop.web) == old, "it is available still, and the next one soaks")
        world.wait(minutes: 60)
        world.settle()
        #expect(world.slot(Shop.web) == new)
    }

    // MARK: - By name

    @Test func `freight against the selection is held, freight that agrees is not`() {
        var world = Shop.settled()
        let old = world.slot(Shop.web)
        let new = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.collect(old)
        #expect(collected(world.drafts.first)?.held == true)
        world.collect(old)
        #expect(world.verdict == .quiet)
        world.collect(new)
        #expect(collected(world.drafts.first)?.held == false)
        world.collect(new)
        #expect(world.verdict == .quiet)
    }

    @Test func `held freight that is gone makes room for the selection`() {
        var world = Shop.settled()
        let old = world.slot(Shop.web)
        let new = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.collect(old)
        quarantine(old, &world)
        world.settle()
        #expect(world.slot(Shop.web) == new)
        let event = collected(world.events.last)
        #expect(event?.held == false)
        #expect(event?.because?.contains("which is no longer available") == true)
    }

    @Test func `refusals come in the order of the documentation`() {
        var world = Shop.settled()
        let web = world.slot(Shop.web)
        let dev = world.givenFreight(Shop.web, commit: "web-2")
        world.repackage("first")
        let bundle = world.junction.bundle

        func refusal(
            _ freight: [String],
            project: String = "shop",
            junction: String = "release"
        ) -> Refusal? {
            var world = world
            world.when(
                .collectFreight(
                    CollectFreight(
                        project: ProjectName(unchecked: project),
                        junction: JunctionName(unchecked: junction),
                        freight: freight
                    )
                )
            )
            return world.refusal
        }
        let other = ProjectName(unchecked: "other")
        #expect(refusal(["nothing"], project: "other") == .unknownProject(other))
        let nothing = JunctionName(unchecked: "nothing")
        #expect(
            refusal(["nothing"], junction: "nothing")
                == .unknownJunction(nothing, in: Shop.project)
        )
        #expect(refusal(["nothing", "first"]) == .unknownFreight("nothing", in: Shop.project))
        #expect(
            refusal([bundle?.rawValue ?? "", dev.rawValue])
                == .originNotRequested(.junction(Shop.release), by: .junction(Shop.release))
        )
        #expect(
            refusal([web?.rawValue ?? "", dev.rawValue])
                == .severalFreightOfOrigin(.warehouse(Shop.web))
        )
        guard
            case .freightNotAvailable(_, .junction(Shop.release), let why) = refusal([dev.rawValue])
        else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(why.hasPrefix("it is not verified in stage uat; "))
        #expect(refusal([web?.rawValue ?? "", web?.rawValue ?? ""]) == nil)
    }

    // MARK: - Resuming

    private func resume(_ origin: Origin? = nil, in world: inout World) {
        world.when(
            .resumeCollection(
                ResumeCollection(project: Shop.project, junction: Shop.release, origin: origin)
            ),
            reason: "it was fixed"
        )
    }

    @Test func `resuming lets automation fill held slots, one of them or all`() {
        var world = Shop.settled()
        let old = Shop.warehouses.map { world.slot($0) }
        for warehouse in Shop.warehouses {
            world.givenFreight(warehouse, commit: "\(warehouse)-2")
        }
        world.settle()
        world.collect(old[0], old[1], old[2])
        resume(.warehouse(Shop.payments), in: &world)
        guard case .autoPromotionResumed(let event) = world.drafts.first?.event else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(event.junction == Shop.release && event.reason == "it was fixed")
        #expect(world.slot(Shop.payments) == old[1], "resuming fills nothing by itself")
        world.settle()
        #expect(world.slot(Shop.payments) != old[1])
        #expect(world.slot(Shop.web) == old[2])
        resume(in: &world)
        #expect(world.madeEvents == [.autoPromotionResumed, .autoPromotionResumed])
        world.settle()
        #expect(world.slot(Shop.web) != old[2] && world.slot(Shop.checkout) != old[0])
    }

    @Test func `there must be something to resume, in a slot of the junction`() {
        var world = Shop.settled()
        resume(.junction(Shop.release), in: &world)
        #expect(
            world.refusal
                == .originNotRequested(.junction(Shop.release), by: .junction(Shop.release))
        )
        resume(in: &world)
        #expect(world.refusal == .noSlotHeld(Shop.release))
        let nothing = JunctionName(unchecked: "nothing")
        world.when(
            .resumeCollection(ResumeCollection(project: Shop.project, junction: nothing))
        )
        #expect(world.refusal == .unknownJunction(nothing, in: Shop.project))
    }

    // MARK: - Configuration

    @Test func `a slot that is no longer requested is emptied with the change`() {
        var world = Shop.settled()
        let web = world.slot(Shop.web)
        var spec = Shop.junction()
        spec.requestedFreight.removeAll { $0.origin == .warehouse(Shop.web) }
        world.given([Shop.resource(.junction(Shop.release, spec))])
        #expect(world.madeEvents == [.junctionConfigured, .slotEmptied])
        #expect(emptied(world.drafts.last)?.freight == web)
        #expect(emptied(world.drafts.last)?.reason == "Warehouse/web is no longer requested")
        #expect(world.slot(Shop.web) == nil)
        world.repackage()
        let id = world.junction.bundle ?? FreightID(unchecked: "")
        let bundle = world.facts.freight(id, in: Shop.project)
        #expect(bundle?.constituents.count == 2)
    }
}
