import EventLog
import Ledger
import LedgerAPI
import PromotionModel
import Testing

/// The changes of a stage, as auditors ask for them.
@Suite struct AuditingChanges {
    /// Hands `body` all changes of a stage in the ledger that `world` makes.
    private static func changes(
        of stage: StageName,
        in world: World,
        _ body: ([ChangeRecord]) throws -> Void
    ) async throws {
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            try body(try all(ledger, of: stage))
        }
    }

    private static func all(
        _ ledger: Ledger,
        of stage: StageName,
        after: Position = .origin,
        at moment: MomentReference = .now
    ) throws -> [ChangeRecord] {
        try ledger.asked(at: moment) { view in
            try view.changes(of: stage, in: Shop.project, after: after).map {
                try view.change(startedAt: $0, in: Shop.project)
            }
        }
    }

    /// The findings of the last change of a stage.
    private static func findings(of stage: StageName, in world: World) async throws -> [String] {
        var found: [String] = []
        try await changes(of: stage, in: world) { found = $0.last?.findings.map(\.code) ?? [] }
        return found
    }

    private static func approve(_ freight: FreightID, for stage: StageName) -> Command {
        .approveFreight(
            ApproveFreight(
                project: Shop.project,
                freight: freight.rawValue,
                consumer: .stage(stage)
            )
        )
    }

    // MARK: - The population

    @Test func `every promotion that began is a change, oldest first, with who and why`()
        async throws
    {
        try await Self.changes(of: Shop.prod, in: Shop.eventful()) { changes in
            #expect(
                changes.map(\.promotion.kind) == [.manual, .manual, .manual, .rollback]
            )
            #expect(changes.map(\.phase) == [.succeeded, .succeeded, .succeeded, .succeeded])
            #expect(
                changes.map { $0.changes.map(\.change.origin.name) } == [
                    ["checkout", "payments", "web"], ["web"], ["payments"], ["payments", "web"],
                ]
            )
            #expect(changes[3].requested.actor.name == "on-call")
            #expect(changes[3].promotion.reason == "customers cannot pay")
            #expect(changes[3].before != changes[2].before)
            #expect(changes[3].after.id == changes[0].after.id)
            for (older, newer) in zip(changes, changes.dropFirst()) {
                #expect(newer.before == older.after)
                let end = try #require(older.ended)
                #expect(end.position < newer.started.position)
            }
        }
    }

    @Test func `each change is in exactly one of two periods that meet`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            let whole = try Self.all(ledger, of: Shop.prod).map(\.started.position)
            let end = try ledger.log.head().position
            // The stage itself has to be there.
            for cut in (whole[0].rawValue - 3)...end.rawValue {
                let middle = Position(rawValue: cut)
                let first = try Self.all(ledger, of: Shop.prod, at: .position(middle))
                let second = try Self.all(ledger, of: Shop.prod, after: middle)
                #expect((first + second).map(\.started.position) == whole)
            }
        }
    }

    @Test func `what gave way before it began is no change`() async throws {
        var world = Shop.released()
        let freight = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        let waits = world.request([freight.rawValue], to: Shop.dev)
        world.when(.abortPromotion(AbortPromotion(project: Shop.project, promotion: waits)))
        try await Self.changes(of: Shop.dev, in: world) { changes in
            #expect(!changes.contains { $0.promotion.name == waits })
        }
    }

    @Test func `a change that runs is told of as it stands`() async throws {
        var world = Shop.released()
        world.repackage("again")
        let fix = world.givenFreight(Shop.payments, commit: "payments-2")
        world.settle()
        let name = world.request([fix.rawValue], to: Shop.prod)
        world.letWait(name)
        try await Self.changes(of: Shop.prod, in: world) { changes in
            #expect(changes.last?.phase == .running)
            #expect(changes.last?.ended == nil)
        }
    }

    @Test func `a stage that there never was has no changes`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            #expect(throws: LedgerError.self) {
                try Self.all(ledger, of: StageName(unchecked: "qa"))
            }
        }
    }

    // MARK: - What had been said before

    @Test func `it tells where freight had been verified, and by whom`() async throws {
        var world = World()
        world.given(Shop.verifying(Shop.dev, in: Shop.pair))
        let freight = world.givenPromoted(Shop.web, commit: "web-1").freight
        world.report(.passed, evidence: "https://ci.example.com/7")
        world.givenPromotion(of: [freight.rawValue], to: Shop.uat)
        try await Self.changes(of: Shop.uat, in: world) { changes in
            let verified = try #require(changes.last?.changes.first).verified
            #expect(verified.map(\.stage) == [Shop.dev])
            #expect(verified.map(\.evidence) == ["https://ci.example.com/7"])
            #expect(verified.map(\.isUnseen) == [false])
            #expect(verified.map(\.actor.name) == ["operator"])
        }
    }

    @Test func `only approvals that stood when it began count`() async throws {
        var world = World()
        world.given(Shop.pair)
        let freight = world.givenFreight(Shop.web, commit: "web-1")
        world.when(Self.approve(freight, for: Shop.uat), by: "release-manager", reason: "urgent")
        world.givenPromotion(of: [freight.rawValue], to: Shop.uat)
        let other = world.givenFreight(Shop.payments, commit: "payments-1")
        world.when(Self.approve(other, for: Shop.uat), by: "release-manager")
        let name = world.request([other.rawValue], to: Shop.uat)
        world.perform(name)
        world.when(
            .revokeApproval(
                RevokeApproval(
                    project: Shop.project,
                    freight: freight.rawValue,
                    consumer: .stage(Shop.uat)
                )
            )
        )
        try await Self.changes(of: Shop.uat, in: world) { changes in
            #expect(changes.map { $0.approvals.map(\.freight) } == [[freight], [other]])
            #expect(changes.first?.approvals.first?.actor.name == "release-manager")
            #expect(changes.first?.approvals.first?.reason == "urgent")
        }
    }

    // MARK: - Findings

    @Test func `freight that nobody approved or verified is a finding, an approval mends it`()
        async throws
    {
        var world = World()
        world.given(Shop.pair)
        let freight = world.givenPromoted(Shop.web, commit: "web-1").freight
        #expect(
            try await Self.findings(of: Shop.dev, in: world)
                == ["neitherApprovedNorVerified", "identityAsserted"]
        )
        let next = world.givenFreight(Shop.web, commit: "web-2")
        world.when(Self.approve(next, for: Shop.dev))
        world.givenPromotion(of: [next.rawValue], to: Shop.dev)
        #expect(try await Self.findings(of: Shop.dev, in: world) == ["identityAsserted"])
        // What ran before was judged when it came.
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        let findings = try await Self.findings(of: Shop.dev, in: world)
        #expect(!findings.contains("neitherApprovedNorVerified"))
    }

    @Test func `freight that counts as verified although nobody looked is a finding`()
        async throws
    {
        var world = World()
        world.given(Shop.pair)
        let freight = world.givenPromoted(Shop.web, commit: "web-1").freight
        world.givenPromotion(of: [freight.rawValue], to: Shop.uat)
        #expect(try await Self.findings(of: Shop.uat, in: world).contains("verifiedUnseen"))
    }

    @Test func `whoever wrote a commit and decides alone is a finding; a second one mends it`()
        async throws
    {
        for (actor, isFound) in [("operator", true), ("Operator", true), ("on-call", false)] {
            var world = World()
            world.given(Shop.pair)
            let freight = world.givenAuthored(by: "Operator <operator@example.com>")
            world.when(Self.approve(freight, for: Shop.dev), by: actor)
            let request = RequestPromotion(
                project: Shop.project,
                stage: Shop.dev,
                selection: .named([freight.rawValue])
            )
            world.when(.requestPromotion(request), by: actor)
            world.perform(try #require(world.pending(Shop.dev).first))
            let findings = try await Self.findings(of: Shop.dev, in: world)
            #expect(findings.contains("authorDecidedAlone") == isFound)
        }
        var world = World()
        world.given(Shop.pair)
        let freight = world.givenAuthored(by: "Operator <operator@example.com>")
        world.when(Self.approve(freight, for: Shop.dev), by: "release-manager")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        let findings = try await Self.findings(of: Shop.dev, in: world)
        #expect(!findings.contains("authorDecidedAlone"))
    }

    @Test func `a change of what automation was held for is a finding`() async throws {
        var world = Shop.eventful()
        world.rollBack(Shop.uat, to: .previous)
        world.perform(try #require(world.pending(Shop.uat).first))
        #expect(!world.held(Shop.uat).isEmpty)
        let newest = try #require(world.newestFreight(of: Shop.payments))
        world.givenPromotion(of: [newest.rawValue], to: Shop.uat)
        #expect(try await Self.findings(of: Shop.uat, in: world).contains("madeWhileHeld"))
    }

    @Test func `a change that did not succeed and may have changed something is a finding`()
        async throws
    {
        var world = Shop.released()
        let fix = world.givenFreight(Shop.payments, commit: "payments-2")
        world.settle()
        world.givenPromotion(of: [fix.rawValue], to: Shop.prod, ending: .failed)
        try await Self.changes(of: Shop.prod, in: world) { changes in
            let last = try #require(changes.last)
            #expect(last.phase == .failed)
            #expect(last.findings.contains(.leftUncertain([.warehouse(Shop.payments)])))
        }
    }

    // MARK: - Samples and lines

    @Test func `a sample is what the seed says, whoever draws it`() {
        let population = (1...200).map { Position(rawValue: $0 * 7) }
        let sample = ChangeSample.draw(25, of: population, seed: "8134-q3")
        #expect(sample.count == 25)
        #expect(sample == sample.sorted())
        #expect(sample == ChangeSample.draw(25, of: population.reversed(), seed: "8134-q3"))
        #expect(sample != ChangeSample.draw(25, of: population, seed: "8134-q4"))
        let least = population.min { left, right in
            Digest.sha256(Array("8134-q3:\(left.rawValue)".utf8)).hex
                < Digest.sha256(Array("8134-q3:\(right.rawValue)".utf8)).hex
        }
        #expect(ChangeSample.draw(1, of: population, seed: "8134-q3") == [least])
        #expect(ChangeSample.draw(500, of: population, seed: "x") == population)
    }

    @Test func `lines of CSV quote what must be, and disarm formulas`() async throws {
        var world = World()
        world.given(Shop.pair)
        let freight = world.givenFreight(Shop.web, commit: "web-1")
        let request = RequestPromotion(
            project: Shop.project,
            stage: Shop.dev,
            selection: .named([freight.rawValue])
        )
        world.when(.requestPromotion(request), reason: "=HYPERLINK(\"x\"), \"urgent\"")
        world.perform(try #require(world.pending(Shop.dev).first))
        try await Self.changes(of: Shop.dev, in: world) { changes in
            let line = ChangeTable.line(try #require(changes.last))
            #expect(line.contains(#","'=HYPERLINK(""x""), ""urgent""","#))
            #expect(line.hasSuffix("\r\n"))
        }
        #expect(ChangeTable.heading.hasPrefix("position,project,stage,promotion,"))
    }
}

extension World {
    /// Freight of a commit with this author.
    fileprivate mutating func givenAuthored(by author: String) -> FreightID {
        var commit = CommitArtifact(
            repoURL: Shop.repository(Shop.web),
            id: "web-authored",
            branch: "main"
        )
        commit.author = author
        let finding = SubscriptionFinding(
            subscription: "",
            repoURL: Shop.repository(Shop.web),
            artifacts: [Artifact(commit: commit)]
        )
        when(
            .recordDiscovery(
                RecordDiscovery(project: Shop.project, warehouse: Shop.web, findings: [finding])
            )
        )
        when(.createFreight(CreateFreight(project: Shop.project, warehouse: Shop.web)))
        return newestFreight(of: Shop.web) ?? FreightID(unchecked: "")
    }
}
