import EventLog
import Ledger
import PromotionModel
import Testing

/// Differences, and who made them.
@Suite struct ComparingStates {
    @Test func `a stage at an earlier moment is compared with itself now`() async throws {
        try await Shop.withEventful { ledger, world, _ in
            let hotfix = try ledger.asked { view in
                try view.history(of: Shop.prod, in: Shop.project).items[1]
            }
            let then = try ledger.asked(at: .promotion(hotfix.promotion.name.rawValue)) { view in
                try view.combination("prod", in: Shop.project)
            }
            let now = try ledger.asked { view in
                try view.combination("stage/prod", in: Shop.project)
            }
            #expect(then.moment.position == hotfix.position)
            let changes = then.collection.changes(to: now.collection)
            #expect(changes.map(\.kind) == [.unchanged, .changed, .changed])
            let hours = try ledger.asked(at: .ago(milliseconds: 3_600_000)) { view in
                try view.combination("prod", in: Shop.project)
            }
            #expect(hours.collection.id == then.collection.id)
        }
    }

    @Test func `a name that is nothing at that moment is not found`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            for (name, position) in [("second", 5), ("nowhere", nil)] as [(String, UInt64?)] {
                let reference = position.map {
                    MomentReference.position(Position(rawValue: $0))
                }
                #expect(throws: LedgerError.self) {
                    try ledger.asked(at: reference ?? .now) { view in
                        try view.combination(name, in: Shop.project)
                    }
                }
            }
        }
    }

    @Test func `blame names the promotion that put each component in`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            let lines = try ledger.asked { view in
                try view.blame(Shop.prod, in: Shop.project)
            }
            #expect(lines.map(\.origin.name) == ["checkout", "payments", "web"])
            #expect(lines.map { $0.promotion?.kind } == [.manual, .rollback, .rollback])
            #expect(lines.map { $0.promotion?.actor } == ["operator", "on-call", "on-call"])
        }
    }

    @Test func `a preview is what repackaging then makes`() async throws {
        let world = Shop.eventful()
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            let preview = try ledger.asked { view in
                try view.preview(of: Shop.release, in: Shop.project)
            }
            #expect(preview.missing.isEmpty && preview.isNew && !preview.isCurrent)
            #expect(preview.verifiedTogether == [Shop.uat])
            #expect(preview.consumers.map(\.stage) == [Shop.prod])
            #expect(
                preview.consumers.first?.changes.map(\.kind) == [.unchanged, .changed, .changed]
            )
            let envelope = CommandEnvelope(
                id: CommandID(unchecked: "repackage"),
                actor: EventActor(name: "operator", assurance: .asserted),
                command: .repackage(
                    Repackage(project: Shop.project, junction: Shop.release)
                )
            )
            _ = try await ledger.execute(envelope)
            let bundle = try ledger.asked { view in
                try view.ask { facts throws(FactsFailure) in
                    try facts.junctionState(Shop.release, in: Shop.project).bundle
                }
            }
            #expect(bundle == preview.freight)
        }
    }

    @Test func `blame lists what an unsuccessful promotion may have brought`() async throws {
        var world = World()
        world.given(Shop.manual)
        let old = world.givenFreight(Shop.web, commit: "web-1")
        let new = world.givenFreight(Shop.checkout, commit: "checkout-1")
        world.givenPromotion(of: [old.rawValue], to: Shop.dev)
        let failed = world.givenPromotion(of: [new.rawValue], to: Shop.dev, ending: .failed)
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            let lines = try ledger.asked { view in
                try view.blame(Shop.dev, in: Shop.project)
            }
            #expect(lines.map(\.origin.name) == ["checkout", "web"])
            #expect(lines[0].freight == nil && lines[0].uncertain == failed)
            #expect(lines[1].freight?.id == old && lines[1].uncertain == nil)
            #expect(lines[1].position != nil && lines[0].position == nil)
        }
    }

    @Test func `a difference names the artifacts and the commits between`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            try ledger.asked { view in
                let first = try view.combination("freight/first", in: Shop.project)
                let second = try view.combination("second", in: Shop.project)
                let changes = first.collection.changes(to: second.collection)
                let web = try #require(changes.first { $0.origin == .warehouse(Shop.web) })
                let artifacts = try view.artifactChanges(of: web, in: Shop.project)
                #expect(artifacts.map(\.range) == ["web-1..web-2"])
                #expect(artifacts.map(\.repoURL) == [Shop.repository(Shop.web)])
                let payments = try #require(
                    changes.first { $0.origin == .warehouse(Shop.payments) }
                )
                #expect(try view.artifactChanges(of: payments, in: Shop.project).isEmpty)
                let nothing = FreightCollection().changes(to: first.collection)
                let added = try view.artifactChanges(of: nothing[0], in: Shop.project)
                #expect(added.count == 1 && added[0].from == nil && added[0].range == nil)
            }
        }
    }

    @Test func `a name that several pieces of freight could have is told as such`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            let error = #expect(throws: LedgerError.self) {
                try ledger.asked { view in
                    try view.combination("freight/abcdef", in: Shop.project)
                }
            }
            #expect("\(error, default: "")".contains("there is no stage, junction or freight"))
        }
    }
}
