import EventLog
import Ledger
import PromotionModel
import Testing

/// Why nothing happens, and what would change that.
@Suite struct Explaining {
    @Test func `an explanation names every reason and what to do`() async throws {
        try await Shop.withEventful { ledger, world, _ in
            let explanation = try ledger.asked { view in
                try view.explain(Shop.prod, in: Shop.project)
            }
            #expect(!explanation.autoPromotionEnabled)
            #expect(
                explanation.origins.map(\.origin.rawValue)
                    == ["Junction/release", "Warehouse/payments"]
            )
            for origin in explanation.origins {
                #expect(origin.hold?.actor == "on-call")
                try #require(origin.reasons.map(\.kind).starts(with: [.held, .notAutomatic]))
                #expect(
                    origin.reasons[0].changes
                        == ["waybill resume stage/prod --origin \(origin.origin)"]
                )
                let change = try #require(origin.reasons[1].changes.first)
                #expect(change.contains("waybill promote --stage prod"))
            }
            let uat = try ledger.asked { view in
                try view.explain(Shop.uat, in: Shop.project)
            }
            #expect(uat.autoPromotionEnabled)
            #expect(uat.origins.allSatisfy { $0.reasons.map(\.kind) == [.current] })
        }
    }

    /// Explains a stage of a world.
    private func explain(_ stage: StageName, _ world: World) async throws -> StageExplanation {
        var found: StageExplanation?
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            clock.now = world.now
            found = try ledger.asked { view in try view.explain(stage, in: Shop.project) }
        }
        return try #require(found)
    }

    @Test func `what keeps a promotion is told step by step`() async throws {
        var world = World()
        world.given(Shop.manual)
        let freight = world.givenFreight(Shop.web, commit: "web-1")
        let alias = world.facts.freightStatus(freight, in: Shop.project).alias
        var uat = try await explain(Shop.uat, world)
        let web = 2
        #expect(uat.origins[web].reasons.map(\.kind) == [.notVerified])
        #expect(
            uat.origins[web].reasons[0].changes == [
                "waybill promote --stage dev --freight \(alias)",
                "waybill approve \(alias) --for stage/uat",
            ]
        )
        #expect(uat.origins[0].reasons.map(\.kind) == [.noFreight])
        let request = RequestPromotion(
            project: Shop.project,
            stage: Shop.dev,
            selection: .named([freight.rawValue])
        )
        world.when(.requestPromotion(request))
        var dev = try await explain(Shop.dev, world)
        #expect(dev.reasons.map(\.kind) == [.pending])
        #expect(dev.origins[web].reasons.map(\.kind) == [.underWay])
        let name = try #require(dev.pending.first)
        world.when(.startPromotion(StartPromotion(project: Shop.project, promotion: name)))
        dev = try await explain(Shop.dev, world)
        #expect(dev.reasons.map(\.text) == ["promotion \(name) is running: step 1 of 3, clone"])
        #expect(
            dev.reasons[0].changes
                == ["waybill explain promotion/\(name)", "waybill abort \(name)"]
        )
        world.when(
            .startStep(
                StartStep(project: Shop.project, promotion: name, attempt: 1, step: 0)
            )
        )
        world.when(.abortPromotion(AbortPromotion(project: Shop.project, promotion: name)))
        dev = try await explain(Shop.dev, world)
        #expect(dev.reasons.map(\.kind) == [.uncertain])
        #expect(dev.origins[web].reasons.map(\.kind) == [.unsuccessful, .notAutomatic])
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        uat = try await explain(Shop.uat, world)
        #expect(uat.origins[web].reasons.map(\.kind) == [.notAutomatic])
    }

    @Test func `soak is told with the time at which it ends`() async throws {
        var world = World()
        let soaking = Shop.manual.map { resource in
            guard case .stage(Shop.uat, _) = resource.specification else { return resource }
            let requests = Shop.warehouses.map { Shop.from(Shop.dev, $0, soakMinutes: 30) }
            return Shop.resource(.stage(Shop.uat, Shop.stage(requests)))
        }
        world.given(soaking)
        let freight = world.givenFreight(Shop.web, commit: "web-1")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        let due = world.now.adding(milliseconds: 30 * 60_000)
        world.wait(minutes: 10)
        var uat = try await explain(Shop.uat, world)
        #expect(uat.origins[2].reasons.map(\.kind) == [.notSoaked])
        #expect(uat.origins[2].reasons[0].at == due && uat.origins[2].wakeAt == due)
        world.wait(minutes: 20)
        uat = try await explain(Shop.uat, world)
        #expect(uat.origins[2].reasons.map(\.kind) == [.notAutomatic])
    }

    @Test func `older freight and regressions are told, and how to do it all the same`()
        async throws
    {
        var world = Shop.released()
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(.repackage(Repackage(project: Shop.project, junction: Shop.release)))
        let fix = world.givenFreight(Shop.payments, commit: "payments-fix")
        world.settle()
        world.givenPromotion(of: [fix.rawValue], to: Shop.prod)
        let prod = try await explain(Shop.prod, world)
        let release = prod.origins[0]
        #expect(release.reasons.map(\.kind) == [.regression, .notAutomatic, .notRepackaged])
        let regression = try #require(release.reasons.first { $0.kind == .regression })
        #expect(regression.changes[0].hasSuffix("--allow-regression"))
    }

    @Test func `nothing happens by itself in a project that is observed`() async throws {
        var world = World()
        world.given(Shop.resources)
        world.givenFreight(Shop.web, commit: "web-1")
        var dev = try await explain(Shop.dev, world)
        #expect(dev.origins[2].reasons.map(\.kind) == [.next])
        world.when(.setProjectMode(SetProjectMode(project: Shop.project, mode: .observe)))
        dev = try await explain(Shop.dev, world)
        #expect(dev.reasons.map(\.kind) == [.projectObserved])
        #expect(dev.reasons[0].changes == ["waybill adopt shop"])
        #expect(dev.origins[2].reasons.map(\.kind) == [.available])
    }

    @Test func `freight is explained for whoever requests it`() async throws {
        var world = Shop.settled()
        let new = world.givenFreight(Shop.web, commit: "web-2")
        let alias = world.facts.freightStatus(new, in: Shop.project).alias
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            func explained() throws -> FreightExplanation {
                try ledger.asked { view in try view.explain(new, in: Shop.project) }
            }
            var explanation = try explained()
            #expect(
                explanation.consumers.map(\.consumer.rawValue)
                    == ["junction/release", "stage/dev", "stage/uat"]
            )
            #expect(explanation.consumers.map { $0.availableSince != nil } == [false, true, false])
            #expect(
                explanation.consumers.map { $0.reasons.map(\.kind) }
                    == [[.notVerified], [.next], [.notVerified]]
            )
            try await ledger.accept(
                .quarantineFreight(
                    QuarantineFreight(project: Shop.project, freight: new.rawValue)
                ),
                id: "quarantine",
                reason: "it leaks"
            )
            explanation = try explained()
            for consumer in explanation.consumers {
                #expect(consumer.reasons.map(\.kind) == [.quarantined])
                #expect(
                    consumer.reasons[0].changes == ["waybill unquarantine \(alias) --reason REASON"]
                )
            }
            let page = try ledger.asked { view in
                try view.explain(new, in: Shop.project, after: "junction/release", limit: 1)
            }
            #expect(page.consumers.map(\.consumer.rawValue) == ["stage/dev"])
            #expect(page.next == "stage/dev")
        }
    }

    @Test func `what runs, waits and is held somewhere is told of freight`() async throws {
        let world = Shop.released()
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            let running = try #require(
                world.facts.stageState(Shop.prod, in: Shop.project).current
            )
            let web = try #require(running[origin: .warehouse(Shop.web)]?.freight)
            let explanation = try ledger.asked { view in
                try view.explain(web, in: Shop.project)
            }
            #expect(explanation.consumers.allSatisfy { $0.isThere })
            #expect(explanation.consumers.allSatisfy { $0.reasons.map(\.kind) == [.current] })
        }
    }
}
