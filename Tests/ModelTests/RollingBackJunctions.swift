import EventLog
import PromotionModel
import Testing

@Suite struct RollingBackJunctions {
    private func rollBack(
        _ world: inout World,
        to target: JunctionTarget,
        origin: Origin? = nil,
        partial: Bool = false
    ) {
        world.when(
            .rollBackJunction(
                RollBackJunction(
                    project: Shop.project,
                    junction: Shop.release,
                    target: target,
                    origin: origin,
                    partial: partial
                )
            ),
            by: "on-call",
            reason: "the train is late"
        )
    }

    /// Three trains; the slots hold something newer than the third.
    private func trains() -> (world: World, made: [Position], held: [[FreightID?]]) {
        var world = Shop.settled()
        var made: [Position] = []
        var held: [[FreightID?]] = []
        for number in 1...4 {
            if number > 1 {
                world.givenFreight(Shop.web, commit: "web-\(number)")
                world.settle()
            }
            held.append(Shop.warehouses.map { world.slot($0) })
            guard number < 4 else { break }
            world.repackage("train-\(number)")
            made.append(world.facts.position)
        }
        return (world, made, held)
    }

    private func holds(_ world: World) -> [FreightID?] { Shop.warehouses.map { world.slot($0) } }

    @Test func `the slots go back to a moment, are held, and the bundle stays`() {
        var (world, made, held) = trains()
        let bundle = world.junction.bundle
        rollBack(&world, to: .position(made[0]))
        #expect(holds(world) == held[0])
        #expect(world.junction.slots.allSatisfy { $0.held && !$0.automatic })
        #expect(world.junction.bundle == bundle)
        guard case .freightCollected(let event) = world.drafts.first?.event else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(event.held && event.restored == made[0] && event.reason == "the train is late")
        world.settle()
        #expect(holds(world) == held[0], "automation leaves them alone")
        world.givenFreight(Shop.web, commit: "web-9")
        world.settle()
        #expect(holds(world) == held[0])
        rollBack(&world, to: .position(made[0]))
        #expect(world.verdict == .quiet)
        world.repackage()
        let first = world.facts.freight(withAlias: "train-1", in: Shop.project)
        #expect(world.junction.bundle == first)
    }

    @Test func `an alias of a bundle means what that was made of`() {
        var (world, _, held) = trains()
        rollBack(&world, to: .bundle("train-2"))
        #expect(holds(world) == held[1])
    }

    @Test func `previous goes back bundle by bundle, and asking again goes only further back`() {
        var (world, _, held) = trains()
        rollBack(&world, to: .previous)
        #expect(holds(world) == held[2], "the last train, which the slots no longer held")
        rollBack(&world, to: .previous)
        #expect(holds(world) == held[1])
        world.repackage()
        rollBack(&world, to: .previous)
        #expect(holds(world) == held[0], "not to the train that was left")
        rollBack(&world, to: .previous)
        #expect(world.refusal == .noEarlierBundle(Shop.release))
        world.collect()
        rollBack(&world, to: .previous)
        #expect(holds(world) == held[1], "the last that was repackaged")
    }

    @Test func `one slot goes back alone`() {
        var (world, made, held) = trains()
        world.givenFreight(Shop.payments, commit: "payments-2")
        world.settle()
        let payments = world.slot(Shop.payments)
        rollBack(&world, to: .position(made[0]), origin: .warehouse(Shop.web))
        #expect(world.slot(Shop.web) == held[0][2])
        #expect(world.slot(Shop.payments) == payments)
        #expect(world.junction[origin: .warehouse(Shop.payments)]?.held == false)
    }

    @Test func `a slot that was empty is emptied, and automation leaves it so`() {
        var world = World()
        world.given(Shop.resources)
        world.givenFreight(Shop.web, commit: "web-1")
        world.settle()
        let early = world.facts.position
        let payments = world.givenFreight(Shop.payments, commit: "payments-1")
        world.settle()
        #expect(world.slot(Shop.payments) == payments)
        rollBack(&world, to: .position(early))
        #expect(
            world.madeEvents == [.freightCollected, .autoPromotionHeld, .slotEmptied],
            "web is held where it was, checkout is kept empty, payments emptied"
        )
        world.givenFreight(Shop.checkout, commit: "checkout-1")
        world.settle()
        #expect(world.junction.content.map(\.origin) == [.warehouse(Shop.web)])
        #expect(
            world.junction.heldEmpty == [.warehouse(Shop.checkout), .warehouse(Shop.payments)]
        )
        rollBack(&world, to: .position(early))
        #expect(world.verdict == .quiet)
        world.when(
            .resumeCollection(
                ResumeCollection(
                    project: Shop.project,
                    junction: Shop.release,
                    origin: .warehouse(Shop.payments)
                )
            )
        )
        world.settle()
        #expect(world.slot(Shop.payments) == payments && world.slot(Shop.checkout) == nil)
        world.collect()
        #expect(world.slot(Shop.checkout) != nil && world.junction.heldEmpty.isEmpty)
    }

    @Test func `a slot that there was not then stays as it is`() {
        var spec = Shop.junction()
        spec.requestedFreight = [Shop.from(Shop.uat, Shop.web), Shop.from(Shop.uat, Shop.checkout)]
        var world = World()
        world.given(Shop.resources(with: spec))
        for warehouse in Shop.warehouses {
            world.givenFreight(warehouse, commit: "\(warehouse)-1")
        }
        world.settle()
        let early = world.facts.position
        world.given([Shop.resource(.junction(Shop.release, Shop.junction()))])
        world.settle()
        let payments = world.slot(Shop.payments)
        #expect(payments != nil)
        rollBack(&world, to: .position(early))
        #expect(world.slot(Shop.payments) == payments)
        #expect(world.junction[origin: .warehouse(Shop.payments)]?.held == false)
        rollBack(&world, to: .position(early), origin: .warehouse(Shop.payments))
        #expect(
            world.refusal
                == .slotNotThere(.warehouse(Shop.payments), of: Shop.release, at: early)
        )
    }

    @Test func `what cannot be brought back refuses by name, or is left`() {
        var (world, made, held) = trains()
        world.when(
            .quarantineFreight(
                QuarantineFreight(project: Shop.project, freight: held[0][2]?.rawValue ?? "")
            ),
            reason: "it loses data"
        )
        var spec = Shop.junction()
        spec.requestedFreight.removeAll { $0.origin == .warehouse(Shop.payments) }
        world.given([Shop.resource(.junction(Shop.release, spec))])
        let web = world.slot(Shop.web)
        rollBack(&world, to: .position(made[0]))
        let alias = world.alias(held[0][2])
        #expect(
            world.refusal
                == .slotsNotRestorable(
                    Shop.release,
                    at: made[0],
                    [
                        "Warehouse/payments is no longer requested",
                        "freight \(alias) of Warehouse/web is not available: \(alias) is "
                            + "quarantined: it loses data",
                    ]
                )
        )
        #expect(
            world.refusal?.description.hasSuffix(
                "; give --partial to leave these slots as they are"
            ) == true
        )
        rollBack(&world, to: .position(made[0]), partial: true)
        #expect(world.slot(Shop.web) == web)
        #expect(world.junction[origin: .warehouse(Shop.checkout)]?.held == true)
        rollBack(&world, to: .position(made[0]), origin: .warehouse(Shop.web), partial: true)
        guard case .slotsNotRestorable = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
    }

    @Test func `refusals come in the order of the documentation`() {
        var (world, made, _) = trains()
        let last = world.facts.position
        rollBack(&world, to: .position(last.next), origin: .junction(Shop.release))
        #expect(world.refusal == .positionNotThere(last.next, last: last))
        rollBack(&world, to: .position(.origin), origin: .junction(Shop.release))
        #expect(world.refusal == .junctionNotThere(Shop.release, at: .origin))
        rollBack(&world, to: .bundle("nothing"))
        #expect(world.refusal == .unknownFreight("nothing", in: Shop.project))
        let web = world.slot(Shop.web)
        rollBack(&world, to: .bundle(web?.rawValue ?? ""), origin: .junction(Shop.release))
        #expect(world.refusal == .notABundle(world.alias(web), of: Shop.release))
        rollBack(&world, to: .position(made[0]), origin: .junction(Shop.release))
        #expect(
            world.refusal
                == .originNotRequested(.junction(Shop.release), by: .junction(Shop.release))
        )
        let configured =
            world.facts.junction(Shop.release, in: Shop.project)?.position ?? .origin
        rollBack(&world, to: .position(configured))
        #expect(world.refusal == .heldNothing(Shop.release, at: configured))
        let nothing = JunctionName(unchecked: "nothing")
        world.when(
            .rollBackJunction(
                RollBackJunction(project: Shop.project, junction: nothing, target: .previous)
            )
        )
        #expect(world.refusal == .unknownJunction(nothing, in: Shop.project))
    }

    @Test func `a junction of that name that was deleted is no target`() {
        var (world, made, _) = trains()
        for resource in [Subject.stage(Shop.prod), .junction(Shop.release)] {
            world.when(
                .deleteResource(DeleteResource(project: Shop.project, resource: resource))
            )
        }
        world.given(Shop.resources)
        world.settle()
        rollBack(&world, to: .position(made[0]))
        #expect(world.refusal == .junctionNotThere(Shop.release, at: made[0]))
        rollBack(&world, to: .previous)
        #expect(world.refusal == .noEarlierBundle(Shop.release))
        rollBack(&world, to: .bundle("train-1"))
        #expect(world.refusal == .junctionNotThere(Shop.release, at: made[0]))
    }
}
