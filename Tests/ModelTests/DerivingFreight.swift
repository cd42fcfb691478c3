import EventLog
import PromotionModel
import Testing

/// Freight that differs from other freight in the named artifacts only: a hotfix.
@Suite struct DerivingFreight {
    private static let fix = String(repeating: "f", count: 40)
    private static let pay = Shop.repository(Shop.payments)

    private static func derive(
        _ freight: String,
        _ versions: [(String, String)],
        in project: ProjectName = Shop.project
    ) -> Command {
        .deriveFreight(
            DeriveFreight(
                project: project,
                freight: freight,
                versions: versions.map { VersionChoice(artifact: $0, version: .named($1)) }
            )
        )
    }

    private func created(_ world: World) throws -> [FreightCreated] {
        guard case .events(let drafts) = world.verdict else {
            throw World.Unexpected(verdict: world.verdict)
        }
        return drafts.compactMap { draft in
            if case .freightCreated(let event) = draft.event { event } else { nil }
        }
    }

    private func availability(
        of id: FreightID,
        to consumer: Consumer,
        in world: World
    ) throws -> Availability {
        let freight = try #require(world.facts.freight(id, in: Shop.project))
        return try AvailabilityRule(facts: world.facts, project: Shop.project, now: world.now)
            .availability(of: freight, to: consumer)
    }

    // MARK: - What is made

    @Test func `from a bundle it makes the freight of the warehouse and a bundle with it`() throws {
        var world = Shop.released()
        let first = try #require(world.facts.freight(withAlias: "first", in: Shop.project))
        let before = try #require(world.facts.freight(first, in: Shop.project))
        world.when(Self.derive("first", [(Self.pay, Self.fix)]), reason: "customers cannot pay")
        let events = try created(world)
        try #require(events.count == 2)
        let leaf = events[0]
        #expect(leaf.origin == .warehouse(Shop.payments) && leaf.making == .derived)
        #expect(leaf.artifacts.map { $0.commit?.id } == [Self.fix])
        #expect(leaf.derivedFrom == before.constituents.first { $0.origin == leaf.origin }?.freight)
        let bundle = events[1]
        #expect(bundle.origin == .junction(Shop.release) && bundle.making == .derived)
        #expect(bundle.derivedFrom == first && bundle.reason == "customers cannot pay")
        #expect(bundle.constituents.map(\.origin) == before.constituents.map(\.origin))
        let differing = zip(bundle.constituents, before.constituents).filter { $0 != $1 }
        #expect(differing.map(\.0.freight) == [leaf.freight])
        #expect(leaf.alias != bundle.alias)
    }

    @Test func `a bundle is not given the alias that its own new leaf gets`() throws {
        var world = Shop.released()
        let first = try #require(world.facts.freight(withAlias: "first", in: Shop.project))
        let before = try #require(world.facts.freight(first, in: Shop.project))
        let origin = Origin.warehouse(Shop.payments)
        func ids(_ fix: String) -> (FreightID, FreightID) {
            let commit = CommitArtifact(repoURL: Self.pay, id: fix)
            let leaf = FreightIdentity.id(of: [Artifact(commit: commit)], origin: origin)
            let bundle = before.constituents.map { constituent in
                var changed = constituent
                if changed.origin == origin { changed.freight = leaf }
                return changed
            }
            return (leaf, FreightIdentity.id(of: bundle, junction: Shop.release))
        }
        func plain(_ id: FreightID) throws -> String {
            try FreightAlias.alias(for: id) { _ in false }
        }
        let fix = String(repeating: "f", count: 37) + "6ca"
        let (leaf, bundle) = ids(fix)
        let alias = try plain(leaf)
        // Of all commits' aliases one in some thousands is the bundle's, too; it is so with this.
        try #require(try plain(bundle) == alias)
        world.when(Self.derive("first", [(Self.pay, fix)]))
        let events = try created(world)
        #expect(events.map(\.freight) == [leaf, bundle])
        #expect(events.map(\.alias) == [alias, "\(alias)-\(bundle.rawValue.prefix(4))"])
    }

    @Test func `the bundle is found by its leaves, and by its junction`() throws {
        var world = Shop.released()
        world.when(Self.derive("first", [(Self.pay, Self.fix)]))
        let events = try created(world)
        let last = Position(rawValue: .max)
        let holding = world.facts.bundles(
            holding: events[0].freight,
            in: Shop.project,
            before: last,
            limit: 10
        )
        #expect(holding.map(\.freight) == [events[1].freight])
        let newest = world.facts.freight(
            of: .junction(Shop.release),
            in: Shop.project,
            before: last,
            limit: 1
        )
        #expect(newest.map(\.freight) == [events[1].freight])
        let state = world.facts.junctionState(Shop.release, in: Shop.project)
        #expect(state.bundle != events[1].freight, "the junction did not make it")
    }

    @Test func `several artifacts are replaced at once, the rest stays`() throws {
        var world = Shop.released()
        let other = String(repeating: "e", count: 40)
        world.when(
            Self.derive("first", [(Self.pay, Self.fix), ("Warehouse/web:\(web)", other)])
        )
        #expect(try created(world).map(\.origin.name) == ["payments", "web", "release"])
    }

    private let web = Shop.repository(Shop.web)

    @Test func `from freight of a warehouse it makes freight of that warehouse`() throws {
        var world = Shop.settled()
        let old = try #require(world.newestFreight(of: Shop.web))
        world.when(Self.derive(old.rawValue, [(web, Self.fix)]))
        let events = try created(world)
        #expect(events.map(\.origin) == [.warehouse(Shop.web)])
        #expect(events[0].derivedFrom == old)
    }

    @Test func `what is there already is used`() throws {
        var world = Shop.released()
        let old = try #require(world.newestFreight(of: Shop.payments))
        world.when(Self.derive(old.rawValue, [(Self.pay, Self.fix)]))
        let leaf = try #require(try created(world).first).freight
        world.when(Self.derive("first", [(Self.pay, Self.fix)]))
        let events = try created(world)
        #expect(events.map(\.origin) == [.junction(Shop.release)])
        #expect(events[0].constituents.contains { $0.freight == leaf })
        world.when(Self.derive("first", [(Self.pay, Self.fix)]))
        #expect(world.verdict == .quiet)
    }

    @Test(arguments: [
        Row("unknown project", .refused(.unknownProject(ProjectName(unchecked: "bakery")))) { _ in
            derive("nothing", [], in: ProjectName(unchecked: "bakery"))
        },
        Row("unknown freight", .refused(.unknownFreight("nothing", in: Shop.project))) { _ in
            derive("nothing", [("nowhere", "v1")])
        },
        Row(
            "a name that is no artifact of the freight",
            .refused(
                .unknownArtifact(
                    "nowhere",
                    of: "freight first",
                    known: Shop.warehouses.map { "Warehouse/\($0):\(Shop.repository($0))" }
                )
            )
        ) { _ in derive("first", [("nowhere", "v1")]) },
        Row(
            "an artifact given twice",
            .refused(.versionGivenTwice("Warehouse/payments:\(pay)"))
        ) { _ in derive("first", [(pay, fix), (pay, "nonsense")]) },
        Row(
            "a version that was not discovered",
            .refused(
                .unknownVersion("v9", of: pay, kind: .commit, discovered: ["payment"])
            )
        ) { _ in derive("first", [(pay, "v9")]) },
        Row("the version that it has", .quiet) { _ in derive("first", [(pay, "payments-1")]) },
        Row("nothing", .quiet) { _ in derive("first", []) },
    ])
    func `deriving freight`(row: Row) {
        row.check(in: Shop.released())
    }

    @Test func `an artifact that two constituents have must be named with its warehouse`() throws {
        var world = World()
        let twin = WarehouseName(unchecked: "twin")
        world.given([
            Shop.resource(.project),
            Shop.resource(.warehouse(Shop.web, Shop.warehouse(Shop.web))),
            Shop.resource(.warehouse(twin, Shop.warehouse(Shop.web))),
        ])
        var spec = JunctionSpec()
        spec.requestedFreight = [Shop.direct(Shop.web), Shop.direct(twin)]
        world.given([Shop.resource(.junction(Shop.release, spec))])
        for warehouse in [Shop.web, twin] {
            var discovery = Shop.discovery(of: Shop.web, commit: "web-1")
            discovery = RecordDiscovery(
                project: Shop.project,
                warehouse: warehouse,
                findings: discovery.findings
            )
            world.when(.recordDiscovery(discovery))
        }
        world.settle()
        world.when(
            .repackage(Repackage(project: Shop.project, junction: Shop.release, alias: "first"))
        )
        world.when(Self.derive("first", [(web, Self.fix)]))
        #expect(
            world.refusal
                == .ambiguousArtifact(
                    web,
                    of: "freight first",
                    matches: ["Warehouse/twin:\(web)", "Warehouse/web:\(web)"]
                )
        )
        world.when(Self.derive("first", [("Warehouse/twin:\(web)", Self.fix)]))
        #expect(try created(world).map(\.origin.name) == ["twin", "release"])
    }

    // MARK: - Where it may go

    @Test func `a bundle with what its junction could not have collected needs an approval`() throws
    {
        var world = Shop.released()
        world.when(Self.derive("first", [(Self.pay, Self.fix)]))
        let events = try created(world)
        let (leaf, bundle) = (events[0], events[1].freight)
        let needed = Availability.Unmet.needsApproval(
            constituent: leaf.freight,
            alias: leaf.alias,
            until: nil
        )
        #expect(
            try availability(of: bundle, to: .stage(Shop.prod), in: world)
                == .unavailable([needed]),
            "direct does not cover it"
        )
        world.when(
            .approveFreight(
                ApproveFreight(
                    project: Shop.project,
                    freight: bundle.rawValue,
                    consumer: .stage(Shop.prod)
                )
            )
        )
        #expect(try availability(of: bundle, to: .stage(Shop.prod), in: world).isAvailable)
        #expect(
            try !availability(of: leaf.freight, to: .stage(Shop.prod), in: world).isAvailable,
            "an approval does not propagate to constituents"
        )
    }

    @Test func `it needs none once its junction could collect the constituent`() throws {
        var world = Shop.released()
        world.when(Self.derive("first", [(Self.pay, Self.fix)]))
        let events = try created(world)
        for stage in [Shop.dev, Shop.uat] {
            world.givenPromotion(of: [events[0].freight.rawValue], to: stage)
        }
        #expect(
            try world.facts.dependents(of: #require(world.lastEvent), in: Shop.project)
                .contains(.stage(Shop.prod))
        )
        #expect(
            try availability(of: events[1].freight, to: .stage(Shop.prod), in: world).isAvailable
        )
    }

    @Test func `deriving twice does not hide what was put in first`() throws {
        var world = Shop.released()
        world.when(Self.derive("first", [(Self.pay, Self.fix)]))
        let once = try created(world)
        world.when(Self.derive(once[1].alias, [(web, "web-1".padded)]))
        let twice = try created(world)
        world.when(
            .approveFreight(
                ApproveFreight(
                    project: Shop.project,
                    freight: twice[0].freight.rawValue,
                    consumer: .junction(Shop.release)
                )
            )
        )
        #expect(
            try availability(of: twice[1].freight, to: .stage(Shop.prod), in: world)
                == .unavailable([
                    .needsApproval(
                        constituent: once[0].freight,
                        alias: once[0].alias,
                        until: nil
                    )
                ])
        )
    }

    @Test func `a bundle that its junction then makes by itself is like any other`() throws {
        var world = Shop.released()
        world.when(Self.derive("first", [(Self.pay, Self.fix)]))
        let events = try created(world)
        for stage in [Shop.dev, Shop.uat] {
            world.givenPromotion(of: [events[0].freight.rawValue], to: stage)
        }
        world.when(
            .collectFreight(
                CollectFreight(
                    project: Shop.project,
                    junction: Shop.release,
                    freight: [events[0].freight.rawValue]
                )
            )
        )
        world.when(.repackage(Repackage(project: Shop.project, junction: Shop.release)))
        #expect(
            world.facts.junctionState(Shop.release, in: Shop.project).bundle == events[1].freight
        )
        var quarantined = world
        quarantined.report(.failed, about: Shop.uat)
        #expect(
            try availability(of: events[1].freight, to: .stage(Shop.prod), in: quarantined)
                .isAvailable,
            "as any bundle of the junction, it does not depend on its constituents' verification"
        )
    }

    @Test func `through a chain of junctions it is asked what the inner one made`() throws {
        var world = Shop.settled()
        let final = JunctionName(unchecked: "final")
        var spec = JunctionSpec()
        spec.requestedFreight = [RequestedFreight(origin: .junction(Shop.release), direct: true)]
        spec.repackagingPolicy = .automatic
        let live = StageName(unchecked: "live")
        world.given([
            Shop.resource(.junction(final, spec)),
            Shop.resource(
                .stage(
                    live,
                    Shop.stage([RequestedFreight(origin: .junction(final), direct: true)])
                )
            ),
        ])
        world.when(
            .repackage(Repackage(project: Shop.project, junction: Shop.release, alias: "inner"))
        )
        world.settle()
        let outer = try #require(world.facts.junctionState(final, in: Shop.project).bundle)
        world.when(Self.derive(outer.rawValue, [(Self.pay, Self.fix)]))
        let events = try created(world)
        let bundle = events[1].freight
        #expect(try !availability(of: bundle, to: .stage(live), in: world).isAvailable)
        // The inner junction can make a bundle with it, which the outer one may have.
        world.when(
            .approveFreight(
                ApproveFreight(
                    project: Shop.project,
                    freight: events[0].freight.rawValue,
                    consumer: .junction(Shop.release)
                )
            )
        )
        #expect(try !availability(of: bundle, to: .stage(live), in: world).isAvailable)
        world.when(Self.derive("inner", [(Self.pay, Self.fix)]))
        #expect(try availability(of: bundle, to: .stage(live), in: world).isAvailable)
    }

    @Test func `automation takes a derived bundle only where the warehouse of what is new says so`()
        throws
    {
        for promoteAssembled in [false, true] {
            var world = Shop.released()
            var warehouse = Shop.warehouse(Shop.payments)
            warehouse.promoteAssembled = promoteAssembled
            world.given([
                Shop.resource(.warehouse(Shop.payments, warehouse)),
                Shop.resource(.projectConfig(Shop.policies([Shop.prod]))),
            ])
            world.when(Self.derive("first", [(Self.pay, Self.fix)]))
            let bundle = try created(world)[1].freight
            world.when(
                .approveFreight(
                    ApproveFreight(
                        project: Shop.project,
                        freight: bundle.rawValue,
                        consumer: .stage(Shop.prod)
                    )
                )
            )
            world.settle()
            let isFixed = world.running(Shop.prod)["payments"] == Self.fix
            #expect(isFixed == promoteAssembled)
        }
    }
}

extension String {
    /// Forty hexadecimal digits that depend on the text.
    fileprivate var padded: String { String(Digest.sha256(Array(utf8)).hex.prefix(40)) }
}
