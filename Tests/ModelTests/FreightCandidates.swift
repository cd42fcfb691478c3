import EventLog
import PromotionModel
import Testing

/// Which freight automation takes, found by indexes and by looking at everything.
@Suite struct FreightCandidates {
    private func candidate(
        _ world: World,
        _ request: RequestedFreight,
        of consumer: Consumer,
        _ selection: SelectionPolicy
    ) throws -> CandidateRule<DictionaryFacts>.Candidate {
        try CandidateRule(facts: world.facts, project: Shop.project, now: world.now)
            .candidate(for: request, of: consumer, selection: selection)
    }

    // MARK: - Against a scan

    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func `what indexes find is what a look at everything finds`(seed: UInt64) throws {
        var world = World()
        world.given(Shop.resources)
        let gate = StageName(unchecked: "gate")
        var gateSpec = Shop.stage(Shop.warehouses.map { Shop.from(Shop.dev, $0) })
        gateSpec.steps = []
        world.given([Shop.resource(.stage(gate, gateSpec))])
        var history = RandomHistory(seed: seed)
        var foundCount = 0
        for index in 0..<400 {
            world.wait(minutes: abs(history.pauseMinutes()))
            world.when(history.command(world.facts), reason: "it is Tuesday")
            guard index.isMultiple(of: 8) else { continue }
            for (request, consumer) in requests(gate) {
                for selection in [SelectionPolicy.newestFreight, .newestVerified] {
                    let found = try candidate(world, request, of: consumer, selection).freight?.id
                    let scanned = try Scan(world: world, request: request, consumer: consumer)
                        .candidate(selection)
                    try #require(
                        found == scanned,
                        "seed \(seed), command \(index): \(request) \(selection)"
                    )
                    if found != nil { foundCount += 1 }
                }
            }
        }
        #expect(foundCount > 40, "seed \(seed): too little was found")
    }

    /// Requests of all shapes.
    private func requests(_ gate: StageName) -> [(RequestedFreight, Consumer)] {
        var both = Shop.from(Shop.uat, Shop.payments, soakMinutes: 20)
        both.stages = [Shop.uat, gate]
        both.availability = .all
        var either = both
        either.availability = .oneOf
        return [
            (Shop.direct(Shop.web), .stage(Shop.dev)),
            (Shop.from(Shop.dev, Shop.web), .stage(Shop.uat)),
            (Shop.from(gate, Shop.web, soakMinutes: 30), .stage(Shop.uat)),
            (Shop.from(Shop.uat, Shop.payments), .stage(Shop.prod)),
            (both, .stage(Shop.prod)), (either, .stage(Shop.prod)),
            (both, .junction(Shop.release)), (either, .junction(Shop.release)),
            (RequestedFreight(origin: .junction(Shop.release), direct: true), .stage(Shop.prod)),
        ]
    }

    /// Looks at all freight of an origin.
    private struct Scan {
        let world: World
        let request: RequestedFreight
        let consumer: Consumer

        func candidate(_ selection: SelectionPolicy) throws -> FreightID? {
            let entries = world.facts.freight(
                of: request.origin,
                in: Shop.project,
                before: Position(rawValue: .max),
                limit: .max
            )
            let freight = try entries.compactMap { entry in
                let freight = try #require(world.facts.freight(entry.freight, in: Shop.project))
                return try isTaken(freight) ? freight : nil
            }
            guard selection == .newestVerified else { return freight.first?.id }
            let verifiers = self.verifiers(request.stages)
            let verified = freight.compactMap { freight -> (Position, FreightID)? in
                let marks = world.facts.freightStatus(freight.id, in: Shop.project).verified
                return marks.filter { verifiers.contains($0.stage) }.map(\.latest).max()
                    .map { ($0, freight.id) }
            }
            return verified.max { $0 < $1 }?.1 ?? freight.first?.id
        }

        private func isTaken(_ freight: Freight) throws -> Bool {
            let rule = AvailabilityRule(facts: world.facts, project: Shop.project, now: world.now)
            let availability = try rule.availability(of: freight, for: request, by: consumer)
            guard availability.isAvailable else { return false }
            // No warehouse of the shop says promoteAssembled.
            return try !world.facts.isHandMade(freight, in: Shop.project)
        }

        private func verifiers(_ stages: [StageName]) -> Set<StageName> {
            var found: Set<StageName> = []
            for stage in stages {
                guard let spec = world.facts.stage(stage, in: Shop.project)?.spec else { continue }
                if spec.isControlFlow {
                    let inner = spec.requestedFreight.first { $0.origin == request.origin }
                    found.formUnion(verifiers(inner?.stages ?? []))
                } else {
                    found.insert(stage)
                }
            }
            return found
        }
    }

    // MARK: - What it says

    @Test func `a proposal says what was passed over, and why`() throws {
        var world = World()
        world.given(Shop.manual)
        world.given([Shop.resource(.projectConfig(Shop.policies([Shop.dev])))])
        let old = world.givenFreight(Shop.web, commit: "web-1")
        let new = world.givenFreight(Shop.web, commit: "web-2")
        let names = [old, new].map { world.facts.freightStatus($0, in: Shop.project).alias }
        world.when(
            .quarantineFreight(
                QuarantineFreight(project: Shop.project, freight: new.rawValue)
            ),
            reason: "it loses orders"
        )
        let proposal = try #require(world.nextSteps(for: .stage(Shop.dev)).commands.first)
        #expect(
            proposal.because
                == "autoPromotionEnabled: \(names[0]) is the newest available freight of "
                + "Warehouse/web; \(names[1]) is newer, but \(names[1]) is quarantined: it loses "
                + "orders"
        )
    }

    @Test func `what its stage runs is said where that is what counts`() throws {
        var world = World()
        world.given(Shop.manual)
        var request = Shop.from(Shop.dev, Shop.web)
        request.selection = .matchUpstream
        world.given([
            Shop.resource(.projectConfig(Shop.policies([Shop.uat]))),
            Shop.resource(
                .stage(
                    Shop.uat,
                    Shop.stage(
                        [request] + Shop.warehouses.dropLast().map { Shop.from(Shop.dev, $0) }
                    )
                )
            ),
        ])
        let freight = world.givenFreight(Shop.web, commit: "web-1")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        let alias = world.facts.freightStatus(freight, in: Shop.project).alias
        let proposal = try #require(world.nextSteps(for: .stage(Shop.uat)).commands.first)
        #expect(
            proposal.because
                == "autoPromotionEnabled: stage dev runs \(alias) of Warehouse/web"
        )
    }

    // MARK: - Never back

    @Test func `automation does not go back when what runs can go nowhere any more`() throws {
        var world = World()
        world.given(Shop.resources)
        world.givenFreight(Shop.web, commit: "web-1")
        world.settle()
        let new = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(
            .quarantineFreight(QuarantineFreight(project: Shop.project, freight: new.rawValue)),
            reason: "it loses orders"
        )
        world.settle()
        #expect(world.running(Shop.dev) == ["web": "web-2"])
        #expect(world.running(Shop.uat) == ["web": "web-2"])
        world.givenFreight(Shop.web, commit: "web-3")
        world.settle()
        #expect(world.running(Shop.uat) == ["web": "web-3"])
    }

    @Test func `automation does not go back to an older bundle, unless it is repackaged anew`() {
        var world = Shop.released()
        world.given([Shop.resource(.projectConfig(Shop.policies([Shop.dev, Shop.uat, Shop.prod])))])
        let repackage = Command.repackage(
            Repackage(project: Shop.project, junction: Shop.release)
        )
        let old = world.newestFreight(of: Shop.web)
        let new = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(repackage)
        world.settle()
        #expect(world.running(Shop.prod)["web"] == "web-2")
        world.when(
            .quarantineFreight(QuarantineFreight(project: Shop.project, freight: new.rawValue)),
            reason: "it loses orders"
        )
        world.settle()
        #expect(world.running(Shop.prod)["web"] == "web-2", "what runs stays")
        let slot = world.facts.junctionState(Shop.release, in: Shop.project)[
            origin: .warehouse(Shop.web)
        ]
        #expect(slot?.freight == old, "the slot falls back")
        world.when(repackage)
        world.settle()
        #expect(world.running(Shop.prod)["web"] == "web-1")
    }

    @Test func `the same freight is proposed again when a choice against it is taken back`() {
        var world = World()
        world.given(Shop.resources)
        let old = world.givenFreight(Shop.web, commit: "web-1")
        world.settle()
        let new = world.givenFreight(Shop.web, commit: "web-2")
        // Somebody goes against what automation would do, and it comes to nothing.
        world.givenPromotion(of: [old.rawValue], to: Shop.dev, ending: .failed)
        world.settle()
        #expect(world.running(Shop.dev) == ["web": "web-1"])
        world.when(
            .resumeAutomation(ResumeAutomation(project: Shop.project, stage: Shop.dev))
        )
        world.settle()
        #expect(world.running(Shop.dev) == ["web": "web-2"])
        let quarantine = QuarantineFreight(project: Shop.project, freight: new.rawValue)
        for _ in 0..<3 {
            world.when(.quarantineFreight(quarantine), reason: "it loses orders")
            world.settle()
            world.when(
                .liftQuarantine(
                    LiftQuarantine(project: Shop.project, freight: new.rawValue)
                ),
                reason: "it does not"
            )
            world.settle()
        }
        #expect(world.running(Shop.uat) == ["web": "web-2"])
    }
}
