import EventLog
import PromotionModel
import Testing

/// Freight that somebody puts together: of versions that were discovered, or that say exactly what
/// they are.
@Suite struct AssemblingFreight {
    /// A warehouse with a branch, tags, an image and a chart.
    static let suite = WarehouseName(unchecked: "suite")
    static let code = "https://git.example.com/shop/suite.git"
    static let tags = "https://git.example.com/shop/tags.git"
    static let image = "registry.example.com/shop/suite"
    static let charts = "https://charts.example.com"

    static func commit(_ text: String) -> String {
        String(Digest.sha256(Array(text.utf8)).hex.prefix(40))
    }

    static func digest(_ text: String) -> String { "sha256:" + Digest.sha256(Array(text.utf8)).hex }

    private static var subscriptions: [Subscription] {
        var container = Subscription()
        container.image = ImageSubscription()
        container.image?.repoURL = image
        var chart = Subscription()
        chart.chart = ChartSubscription()
        chart.chart?.repoURL = charts
        chart.chart?.chartName = "suite"
        return [
            Subscription(name: "code", git: GitSubscription(repoURL: code)),
            Subscription(git: GitSubscription(repoURL: tags)), container, chart,
        ]
    }

    static func discoveredCommit(_ text: String) -> Artifact {
        var artifact = CommitArtifact(repoURL: code, id: commit(text), branch: "main")
        artifact.subscription = "code"
        return Artifact(commit: artifact)
    }

    /// What the warehouse discovered, the newest first.
    static var findings: [SubscriptionFinding] {
        let commits = ["one", "two", "three"].map { discoveredCommit($0) }
        let tagged = ["v2", "v1"].map { (tag: String) in
            Artifact(commit: CommitArtifact(repoURL: tags, id: commit("tag \(tag)"), tag: tag))
        }
        let images = [("2.0.0", "two"), ("1.0.0", "one"), ("stable", "one")].map {
            Artifact(image: ImageArtifact(repoURL: image, tag: $0, digest: digest($1)))
        }
        let versions = ["2.1.0", "2.0.0"].map {
            Artifact(chart: ChartArtifact(repoURL: charts, name: "suite", version: $0))
        }
        return [
            SubscriptionFinding(subscription: "code", repoURL: code, artifacts: commits),
            SubscriptionFinding(subscription: "", repoURL: tags, artifacts: tagged),
            SubscriptionFinding(subscription: "", repoURL: image, artifacts: images),
            SubscriptionFinding(subscription: "", repoURL: charts, artifacts: versions),
        ]
    }

    /// The warehouse with what it discovered; it makes no freight by itself.
    static var world: World {
        var spec = WarehouseSpec()
        spec.subscriptions = subscriptions
        spec.creationPolicy = .manual
        var world = World()
        world.given([
            Shop.resource(.project), Shop.resource(.warehouse(suite, spec)),
            Shop.resource(.stage(Shop.dev, Shop.stage([Shop.direct(suite)]))),
        ])
        world.when(
            .recordDiscovery(
                RecordDiscovery(project: Shop.project, warehouse: suite, findings: findings)
            )
        )
        return world
    }

    static func assemble(
        _ versions: [(String, String)],
        of warehouse: WarehouseName = suite,
        in project: ProjectName = Shop.project
    ) -> Command {
        .assembleFreight(
            AssembleFreight(
                project: project,
                warehouse: warehouse,
                versions: versions.map { VersionChoice(artifact: $0, version: .named($1)) }
            )
        )
    }

    static func made(_ world: World) throws -> FreightCreated {
        guard case .events(let drafts) = world.verdict,
            case .freightCreated(let event) = drafts.last?.event
        else { throw World.Unexpected(verdict: world.verdict) }
        return event
    }

    // MARK: - Versions

    @Test(arguments: [
        ("a tag", Self.tags, "v1", commit("tag v1")),
        ("a commit id", "code", commit("two"), commit("two")),
        ("the beginning of a commit id", "code", String(commit("two").prefix(7)), commit("two")),
        ("a repository instead of a name", Self.code, commit("three"), commit("three")),
        (
            "a repository in another spelling", "https://GIT.example.com/shop/suite/",
            commit("two"),
            commit("two")
        ),
        ("a tag of an image", image, "1.0.0", "1.0.0@" + digest("one")),
        ("a digest", image, digest("two"), "2.0.0@" + digest("two")),
        ("tag and digest", image, "stable@" + digest("one"), "stable@" + digest("one")),
        ("a chart's version", charts, "2.0.0", "2.0.0"),
        ("a chart by repository and name", charts + "/suite", "2.0.0", "2.0.0"),
        ("a commit that was not discovered", "code", commit("new"), commit("new")),
        (
            "an image that was not discovered", image, "hotfix@" + digest("new"),
            "hotfix@" + digest("new")
        ),
    ])
    func `a version is found among what was discovered, or says exactly what it is`(
        rule: String,
        artifact: String,
        version: String,
        key: String
    ) throws {
        var world = Self.world
        world.when(Self.assemble([(artifact, version)]))
        let event = try Self.made(world)
        #expect(event.artifacts.contains { $0.key.hasSuffix(key) }, "\(rule): \(event.artifacts)")
        #expect(event.artifacts.count == 4 && event.making == .assembled)
        // All else is the present candidate, in the order of the subscriptions.
        let newest = Self.findings.map { $0.artifacts[0].key }
        #expect(zip(event.artifacts.map(\.key), newest).count { $0 != $1 } <= 1)
        #expect(event.artifacts.map(\.repoURL) == Self.findings.map(\.repoURL))
        #expect(event.artifacts[0].subscription == "code")
    }

    private static let versionsOfCode = ["one", "two", "three"].map { String(commit($0).prefix(7)) }

    @Test(arguments: [
        Row("unknown project", .refused(.unknownProject(ProjectName(unchecked: "bakery")))) { _ in
            assemble([], in: ProjectName(unchecked: "bakery"))
        },
        Row(
            "unknown warehouse",
            .refused(.unknownWarehouse(Shop.web, in: Shop.project))
        ) { _ in assemble([("nothing", "v1")], of: Shop.web) },
        Row(
            "a name that is no subscription, before its version",
            .refused(
                .unknownArtifact(
                    "nothing",
                    of: "warehouse suite",
                    known: ["code", tags, image, charts + "/suite"]
                )
            )
        ) { _ in assemble([("nothing", "nonsense")]) },
        Row("a name given twice", .refused(.versionGivenTwice("code"))) { _ in
            assemble([("code", commit("one")), (code, "nonsense")])
        },
        Row(
            "a version that was not discovered",
            .refused(
                .unknownVersion("v9", of: "code", kind: .commit, discovered: versionsOfCode)
            )
        ) { _ in assemble([("code", "v9"), ("nothing", "v1")]) },
        Row(
            "too few digits of a commit",
            .refused(
                .unknownVersion(
                    String(commit("two").prefix(6)),
                    of: "code",
                    kind: .commit,
                    discovered: versionsOfCode
                )
            )
        ) { _ in assemble([("code", String(commit("two").prefix(6)))]) },
        Row(
            "an image's tag without its digest",
            .refused(
                .unknownVersion(
                    "hotfix",
                    of: image,
                    kind: .image,
                    discovered: ["2.0.0", "1.0.0", "stable"]
                )
            )
        ) { _ in assemble([(image, "hotfix")]) },
        Row(
            "an image's digest that is cut short",
            .refused(
                .unknownVersion(
                    "hotfix@sha256:abc",
                    of: image,
                    kind: .image,
                    discovered: ["2.0.0", "1.0.0", "stable"]
                )
            )
        ) { _ in assemble([(image, "hotfix@sha256:abc")]) },
        Row(
            "a chart that was not discovered",
            .refused(
                .unknownVersion(
                    "9.9.9",
                    of: charts + "/suite",
                    kind: .chart,
                    discovered: ["2.1.0", "2.0.0"]
                )
            )
        ) { _ in assemble([(charts, "9.9.9")]) },
        Row(
            "a digest that has two tags",
            .refused(
                .ambiguousVersion(
                    digest("one"),
                    of: image,
                    matches: ["1.0.0@" + digest("one"), "stable@" + digest("one")]
                )
            )
        ) { _ in assemble([(image, digest("one"))]) },
        Row("the same content again", .quiet) { world in
            world.when(assemble([("code", commit("two"))]))
            return assemble([(code, commit("two"))])
        },
        Row("the present candidates, all of them named", .events([.freightCreated])) { _ in
            assemble([("code", commit("one"))])
        },
    ])
    func `assembling freight`(row: Row) {
        row.check(in: Self.world)
    }

    @Test func `a subscription without a candidate must be named`() {
        var world = Self.world
        var findings = Self.findings
        findings[2].artifacts = []
        world.when(
            .recordDiscovery(
                RecordDiscovery(project: Shop.project, warehouse: Self.suite, findings: findings)
            )
        )
        world.when(Self.assemble([("code", Self.commit("two"))]))
        #expect(world.refusal == .nothingDiscovered(Self.suite, subscription: Self.image))
        world.when(Self.assemble([(Self.image, "v1")]))
        #expect(
            world.refusal?.description
                == "“v1” was not discovered of \(Self.image); nothing was yet, so give "
                + "TAG@sha256:DIGEST"
        )
        world.when(Self.assemble([(Self.image, "v1@\(Self.digest("x"))")]))
        #expect(world.madeEvents == [.freightCreated])
    }

    @Test func `what somebody found outside is taken, if it is of the subscription`() throws {
        var world = Self.world
        func assemble(_ artifact: Artifact) -> Command {
            .assembleFreight(
                AssembleFreight(
                    project: Shop.project,
                    warehouse: Self.suite,
                    versions: [VersionChoice(artifact: "code", version: .resolved(artifact))]
                )
            )
        }
        let found = CommitArtifact(
            repoURL: "https://git.example.com/shop/Suite",
            id: Self.commit("v9"),
            tag: "v9"
        )
        world.when(assemble(Artifact(commit: found)))
        let artifact = try #require(try Self.made(world).artifacts.first?.commit)
        #expect(artifact.tag == "v9" && artifact.repoURL == Self.code)
        #expect(artifact.subscription == "code")
        let other = CommitArtifact(repoURL: Self.tags, id: Self.commit("v9"))
        world.when(assemble(Artifact(commit: other)))
        guard case .unknownVersion = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
    }

    @Test func `a refused version is answered with what there is`() {
        var world = Self.world
        world.when(Self.assemble([("code", "v9")]))
        let known = Self.versionsOfCode.joined(separator: ", ")
        #expect(
            world.refusal?.description
                == "“v9” was not discovered of code; give one of \(known), or the full commit id, "
                + "40 digits"
        )
        world.when(Self.assemble([(Self.charts, "9.9.9")]))
        #expect(
            world.refusal?.description
                == "“9.9.9” was not discovered of \(Self.charts)/suite; give one of 2.1.0, 2.0.0"
        )
    }

    // MARK: - What automation makes of it

    @Test func `freight on request is made of the present candidates, like any that is discovered`()
        throws
    {
        var world = Self.world
        world.given([Shop.resource(.projectConfig(Shop.policies([Shop.dev])))])
        world.settle()
        #expect(world.facts.stageState(Shop.dev, in: Shop.project).current == nil)
        world.when(.createFreight(CreateFreight(project: Shop.project, warehouse: Self.suite)))
        #expect(try Self.made(world).making == .discovered)
        world.settle()
        #expect(world.facts.stageState(Shop.dev, in: Shop.project).current != nil)
    }

    @Test(arguments: [false, true])
    func `automation takes assembled freight only where the warehouse says so`(
        promoteAssembled: Bool
    ) throws {
        var world = Self.world
        var spec = try #require(world.facts.warehouse(Self.suite, in: Shop.project)).spec
        spec.promoteAssembled = promoteAssembled
        world.given([
            Shop.resource(.warehouse(Self.suite, spec)),
            Shop.resource(.projectConfig(Shop.policies([Shop.dev]))),
        ])
        world.when(Self.assemble([("code", Self.commit("two"))]))
        let freight = try Self.made(world).freight
        world.settle()
        let running = world.facts.stageState(Shop.dev, in: Shop.project).current
        #expect((running?.components.first?.freight == freight) == promoteAssembled)
    }
}
