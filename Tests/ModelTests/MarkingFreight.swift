import EventLog
import Expressions
import PromotionModel
import Testing

/// Aliases, notes, approvals and quarantine of freight: what is done, what is refused and in which
/// order, what is quiet.
@Suite struct MarkingFreight {
    /// The shop with freight of web, called `web-one`, and of payments, called `pay-one`.
    private static var world: World {
        var world = World()
        world.given(Shop.manual)
        for (warehouse, name) in [(Shop.web, "web-one"), (Shop.payments, "pay-one")] {
            let id = world.givenFreight(warehouse, commit: "\(warehouse)-1")
            world.when(alias(id.rawValue, name))
        }
        return world
    }

    private static let nowhere = ProjectName(unchecked: "bakery")
    private static let nobody = "nothing-so"
    private static let noStage = StageName(unchecked: "nowhere")
    private static let noJunction = JunctionName(unchecked: "nowhere")

    private static func webStatus(_ world: World) -> FreightStatus {
        let id = world.facts.freight(withAlias: "web-one", in: Shop.project)
        return world.facts.freightStatus(id ?? FreightID(unchecked: ""), in: Shop.project)
    }

    private static func alias(
        _ freight: String,
        _ alias: String,
        in project: ProjectName = Shop.project
    ) -> Command {
        .setFreightAlias(SetFreightAlias(project: project, freight: freight, alias: alias))
    }

    private static func note(
        _ key: String,
        _ value: Value,
        on freight: String = "web-one",
        in project: ProjectName = Shop.project
    ) -> Command {
        .setFreightMetadata(
            SetFreightMetadata(project: project, freight: freight, key: key, value: value)
        )
    }

    private static func approve(
        _ freight: String = "web-one",
        for consumer: Consumer = .stage(Shop.uat),
        in project: ProjectName = Shop.project
    ) -> Command {
        .approveFreight(ApproveFreight(project: project, freight: freight, consumer: consumer))
    }

    private static func revoke(
        _ freight: String = "web-one",
        for consumer: Consumer = .stage(Shop.uat),
        in project: ProjectName = Shop.project
    ) -> Command {
        .revokeApproval(RevokeApproval(project: project, freight: freight, consumer: consumer))
    }

    private static func quarantine(
        _ freight: String = "web-one",
        in project: ProjectName = Shop.project
    ) -> Command {
        .quarantineFreight(QuarantineFreight(project: project, freight: freight))
    }

    private static func lift(
        _ freight: String = "web-one",
        in project: ProjectName = Shop.project
    ) -> Command {
        .liftQuarantine(LiftQuarantine(project: project, freight: freight))
    }

    // MARK: - Alias

    @Test(arguments: [
        Row("another alias", .events([.freightAliased])) { _ in alias("web-one", "2026.47") },
        Row("the same alias", .quiet) { _ in alias("web-one", "web-one") },
        Row("an alias that its freight gave up", .events([.freightAliased])) { world in
            world.when(alias("web-one", "web-two"))
            return alias("pay-one", "web-one")
        },
        Row("unknown project", .refused(.unknownProject(nowhere))) { _ in
            alias("web-one", "Bad Alias", in: nowhere)
        },
        Row(
            "unknown freight, before the alias is looked at",
            .refused(.unknownFreight(nobody, in: Shop.project))
        ) { _ in alias(nobody, "Bad Alias") },
        Row("too few digits", .refused(.freightReferenceTooShort("abcde"))) { _ in
            alias("abcde", "2026.47")
        },
        Row("a malformed alias", .refused(.aliasMalformed("Bad Alias"))) { _ in
            alias("web-one", "Bad Alias")
        },
    ])
    func `freight is given another alias`(row: Row) {
        row.check(in: Self.world)
    }

    @Test func `an alias that other freight has, or with which its id begins, is refused`() throws {
        var world = Self.world
        let other = try #require(world.facts.freight(withAlias: "pay-one", in: Shop.project))
        world.when(Self.alias("web-one", "pay-one"))
        #expect(world.refusal == .aliasTaken("pay-one", by: other))
        let digits = String(other.rawValue.prefix(8))
        world.when(Self.alias("web-one", digits))
        #expect(world.refusal == .aliasNamesOther(digits, other))
        // It hides nothing but itself there.
        world.when(Self.alias("pay-one", digits))
        #expect(world.madeEvents == [.freightAliased])
    }

    @Test func `an alias names who has it now, not who had it`() {
        var world = Self.world
        world.when(Self.alias("web-one", "web-two"))
        #expect(world.facts.freight(withAlias: "web-one", in: Shop.project) == nil)
        #expect(world.facts.freight(withAlias: "web-two", in: Shop.project) != nil)
    }

    // MARK: - Metadata

    @Test(arguments: [
        Row("a note", .events([.freightMetadataSet])) { _ in note("ticket", "SHOP-7") },
        Row("another value under the same key", .events([.freightMetadataSet])) { world in
            world.when(note("ticket", "SHOP-7"))
            return note("ticket", "SHOP-8")
        },
        Row("the same value under the same key", .quiet) { world in
            world.when(note("ticket", "SHOP-7"))
            return note("ticket", "SHOP-7")
        },
        Row("unknown project", .refused(.unknownProject(nowhere))) { _ in
            note("", "SHOP-7", in: nowhere)
        },
        Row("unknown freight", .refused(.unknownFreight(nobody, in: Shop.project))) { _ in
            note("", "SHOP-7", on: nobody)
        },
        Row("an empty key, before the size", .refused(.metadataKeyMalformed(""))) { _ in
            note("", .string(String(repeating: "x", count: 70_000)))
        },
        Row(
            "a key that is too long",
            .refused(.metadataKeyMalformed(String(repeating: "k", count: 254)))
        ) { _ in note(String(repeating: "k", count: 254), "SHOP-7") },
    ])
    func `something is noted on freight under a key`(row: Row) {
        row.check(in: Self.world)
    }

    @Test func `notes are kept by key, up to a size`() {
        var world = Self.world
        world.when(Self.note("b", "2"))
        world.when(Self.note("a", "1"))
        #expect(Self.webStatus(world).metadata.map(\.key) == ["a", "b"])
        world.when(Self.note("a", .string(String(repeating: "x", count: 65_536))))
        guard case .metadataTooLarge(let byteCount) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(byteCount > ModelLimits.metadataByteCountMax)
    }

    // MARK: - Approval

    @Test(arguments: [
        Row("for a stage", reason: "tested by hand", .events([.freightApproved])) { _ in
            approve()
        },
        Row("for a junction", .events([.freightApproved])) { _ in
            approve(for: .junction(Shop.release))
        },
        Row("twice", .quiet) { world in
            world.when(approve())
            return approve()
        },
        Row("again, after it was revoked", .events([.freightApproved])) { world in
            world.when(approve())
            world.when(revoke())
            return approve()
        },
        Row("again, for a stage that was made anew", .events([.freightApproved])) { world in
            world.when(approve())
            world.givenMadeAnew(Shop.uat)
            return approve()
        },
        Row("unknown project", .refused(.unknownProject(nowhere))) { _ in
            approve(nobody, for: .stage(noStage), in: nowhere)
        },
        Row(
            "unknown stage, before the freight",
            .refused(.unknownStage(noStage, in: Shop.project))
        ) { _ in approve(nobody, for: .stage(noStage)) },
        Row(
            "unknown junction, before the freight",
            .refused(.unknownJunction(noJunction, in: Shop.project))
        ) { _ in approve(nobody, for: .junction(noJunction)) },
        Row(
            "unknown freight",
            .refused(.unknownFreight(nobody, in: Shop.project))
        ) { _ in approve(nobody) },
        Row(
            "an origin that is not requested there",
            .refused(.originNotRequested(.warehouse(Shop.web), by: .stage(Shop.prod)))
        ) { _ in approve(for: .stage(Shop.prod)) },
    ])
    func `freight is approved for a stage or junction`(row: Row) {
        row.check(in: Self.world)
    }

    @Test func `an approval says who, why and when`() throws {
        var world = Self.world
        world.when(Self.approve(), by: "release-manager", reason: "tested by hand")
        let approval = try #require(Self.webStatus(world).approved.first)
        #expect(approval.consumer == .stage(Shop.uat))
        #expect(approval.actor == "release-manager" && approval.reason == "tested by hand")
        #expect(approval.at == world.now && approval.position == world.facts.position)
    }

    @Test(arguments: [
        Row("an approval", reason: "found a defect", .events([.approvalRevoked])) { world in
            world.when(approve())
            return revoke()
        },
        Row("unknown project", .refused(.unknownProject(nowhere))) { _ in
            revoke(nobody, for: .stage(noStage), in: nowhere)
        },
        Row("unknown stage", .refused(.unknownStage(noStage, in: Shop.project))) { _ in
            revoke(nobody, for: .stage(noStage))
        },
        Row("unknown freight", .refused(.unknownFreight(nobody, in: Shop.project))) { _ in
            revoke(nobody)
        },
        Row(
            "nothing to revoke",
            .refused(.notApproved(freight: "web-one", for: .stage(Shop.uat)))
        ) { _ in revoke() },
        Row(
            "twice",
            .refused(.notApproved(freight: "web-one", for: .stage(Shop.uat)))
        ) { world in
            world.when(approve())
            world.when(revoke())
            return revoke()
        },
        Row(
            "an approval that counts no more, because the stage was made anew",
            .refused(.notApproved(freight: "web-one", for: .stage(Shop.uat)))
        ) { world in
            world.when(approve())
            world.givenMadeAnew(Shop.uat)
            return revoke()
        },
    ])
    func `an approval is taken back`(row: Row) {
        row.check(in: Self.world)
    }

    // MARK: - Quarantine

    @Test(arguments: [
        Row("with a reason", reason: "it loses orders", .events([.freightQuarantined])) { _ in
            quarantine()
        },
        Row("twice", reason: "it loses orders too", .quiet) { world in
            world.when(quarantine(), reason: "it loses orders")
            return quarantine()
        },
        Row("unknown project", .refused(.unknownProject(nowhere))) { _ in
            quarantine(nobody, in: nowhere)
        },
        Row("unknown freight", .refused(.unknownFreight(nobody, in: Shop.project))) { _ in
            quarantine(nobody)
        },
        Row("without a reason", .refused(.reasonNeeded("quarantine freight"))) { _ in
            quarantine()
        },
        Row(
            "with an empty reason, although it is quarantined",
            reason: "",
            .refused(.reasonNeeded("quarantine freight"))
        ) { world in
            world.when(quarantine(), reason: "it loses orders")
            return quarantine()
        },
    ])
    func `freight is quarantined`(row: Row) {
        row.check(in: Self.world)
    }

    @Test(arguments: [
        Row("with a reason", reason: "it was the database", .events([.quarantineLifted])) { world in
            world.when(quarantine(), reason: "it loses orders")
            return lift()
        },
        Row("unknown project", .refused(.unknownProject(nowhere))) { _ in
            lift(nobody, in: nowhere)
        },
        Row("unknown freight", .refused(.unknownFreight(nobody, in: Shop.project))) { _ in
            lift(nobody)
        },
        Row("nothing to lift, before the reason", .refused(.notQuarantined(freight: "web-one"))) {
            _ in lift()
        },
        Row("without a reason", .refused(.reasonNeeded("lift a quarantine"))) { world in
            world.when(quarantine(), reason: "it loses orders")
            return lift()
        },
    ])
    func `a quarantine is lifted`(row: Row) {
        row.check(in: Self.world)
    }
}
