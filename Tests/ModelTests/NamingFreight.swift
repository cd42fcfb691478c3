import EventLog
import PromotionModel
import Testing

@Suite struct NamingFreight {
    private func commit(
        _ id: String,
        tag: String? = nil,
        url: String = "https://github.com/example/repo.git"
    ) -> Artifact {
        Artifact(commit: CommitArtifact(repoURL: url, id: id, tag: tag))
    }

    private let demo = Origin(unchecked: "Warehouse/demo")

    /// The names that Kargo's algorithm gives (`pkg/api/freight.go` at 1c764767).
    @Test func `the name that Kargo gives is kept`() {
        #expect(
            FreightIdentity.kargoName(of: [commit("abc123")], origin: demo)
                == "6986391ec5a21f50ffd8390250aac566d771d560"
        )
        let image = Artifact(
            image: ImageArtifact(
                repoURL: "public.ecr.aws/nginx/nginx",
                tag: "1.26.0",
                digest: "sha256:abc"
            )
        )
        #expect(
            FreightIdentity.kargoName(of: [image], origin: demo)
                == "c71682d2f4737a95d0dde8c95e1dfb4b65281884"
        )
        let all = [
            commit("abc123", tag: "v1.0.0"),
            Artifact(
                image: ImageArtifact(repoURL: "nginx", tag: "1.27.0", digest: "sha256:aa")
            ),
            Artifact(
                chart: ChartArtifact(
                    repoURL: "https://charts.example.com",
                    name: "x",
                    version: "1.0.0"
                )
            ),
        ]
        #expect(
            FreightIdentity.kargoName(of: all, origin: demo)
                == "ccec41b6838be4406844fa094bb2757ded3a3728"
        )
    }

    @Test func `the id depends on what freight is, not on how it is told`() {
        let one = FreightIdentity.id(of: [commit("abc"), commit("def")], origin: demo)
        let two = FreightIdentity.id(of: [commit("def"), commit("abc")], origin: demo)
        #expect(one == two)
        var told = commit("abc")
        told.commit?.message = "Fix it"
        told.commit?.author = "shop <shop@example.com>"
        #expect(
            FreightIdentity.id(of: [told], origin: demo)
                == FreightIdentity.id(of: [commit("abc")], origin: demo)
        )
        #expect(
            FreightIdentity.id(
                of: [commit("abc", url: "https://GitHub.com/example/repo")],
                origin: demo
            ) == FreightIdentity.id(of: [commit("abc")], origin: demo)
        )
        #expect(
            FreightIdentity.id(of: [commit("abc", tag: "v1")], origin: demo)
                != FreightIdentity.id(of: [commit("abc")], origin: demo)
        )
        #expect(
            FreightIdentity.id(of: [commit("abc")], origin: Origin(unchecked: "Warehouse/other"))
                != FreightIdentity.id(of: [commit("abc")], origin: demo)
        )
    }

    @Test func `parts cannot run into each other`() {
        var one = IdentityEncoder(domain: "x")
        one.add("ab")
        one.add("c")
        var two = IdentityEncoder(domain: "x")
        two.add("a")
        two.add("bc")
        #expect(one.digest != two.digest)
    }

    @Test func `an alias is made from the id, and is unique`() throws {
        let id = FreightIdentity.id(of: [commit("abc")], origin: demo)
        let plain = try FreightAlias.alias(for: id) { _ in false }
        #expect(plain.split(separator: "-").count == 2)
        let second = try FreightAlias.alias(for: id) { $0 == plain }
        #expect(second == "\(plain)-\(id.rawValue.prefix(4))")
        #expect(FreightAlias.isAlias(second))
    }

    @Test func `freight is not given an alias that other freight has`() throws {
        var plain = World()
        plain.given(Shop.manual)
        let id = plain.givenFreight(Shop.payments, commit: "payments-1")
        let wanted = plain.facts.freightStatus(id, in: Shop.project).alias
        var world = World()
        world.given(Shop.manual)
        let web = world.givenFreight(Shop.web, commit: "web-1")
        world.when(
            .setFreightAlias(
                SetFreightAlias(project: Shop.project, freight: web.rawValue, alias: wanted)
            )
        )
        #expect(world.givenFreight(Shop.payments, commit: "payments-1") == id)
        let given = world.facts.freightStatus(id, in: Shop.project).alias
        #expect(given == "\(wanted)-\(id.rawValue.prefix(4))")
        #expect(world.facts.freight(withAlias: wanted, in: Shop.project) == web)
        #expect(world.facts.freight(withAlias: given, in: Shop.project) == id)
    }

    @Test func `freight is named by alias, id, Kargo name, or six digits of either`() throws {
        var world = World()
        world.given(Shop.manual)
        let id = world.givenFreight(Shop.web, commit: "w1")
        let core = try #require(world.facts.freight(id, in: Shop.project))
        let alias = world.facts.freightStatus(id, in: Shop.project).alias
        for text in [
            id.rawValue, String(id.rawValue.prefix(6)), core.kargoName,
            String(core.kargoName.prefix(6)), alias,
        ] {
            let found = try FreightReference.resolve(text, in: Shop.project, facts: world.facts)
            #expect(found == .success(id), "\(text)")
        }
    }

    @Test(arguments: [
        ("a", true), ("a-b.c", true), ("2026.47", true), ("", false), ("-a", false), ("a-", false),
        ("a..b", false), ("A", false), ("a_b", false), ("a\u{0}", false), ("a/b", false),
        (String(repeating: "a", count: 253), true), (String(repeating: "a", count: 254), false),
    ])
    func `names are those of Kubernetes`(text: String, isName: Bool) {
        #expect((StageName(rawValue: text) != nil) == isName)
    }
}
