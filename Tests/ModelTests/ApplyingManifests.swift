import EventLog
import PromotionModel
import Testing

@Suite struct ApplyingManifests {
    private func problems(_ resources: [Resource]) -> [GraphProblem] {
        var world = World()
        world.when(.applyManifests(ApplyManifests(resources: resources)))
        guard case .manifestProblems(let problems) = world.refusal else { return [] }
        #expect(world.events.isEmpty, "nothing of a failing apply is recorded")
        return problems
    }

    private func stage(_ name: String, _ requests: RequestedFreight...) -> Resource {
        Shop.resource(.stage(StageName(unchecked: name), Shop.stage(requests)))
    }

    private var base: [Resource] {
        [Shop.resource(.project)]
            + Shop.warehouses.map { Shop.resource(.warehouse($0, Shop.warehouse($0))) }
    }

    @Test func `what is applied already makes no events`() {
        var world = World()
        world.given(Shop.resources)
        #expect(world.events.count == 1 + 3 + 3 + 1)
        world.when(.applyManifests(ApplyManifests(resources: Shop.resources)))
        #expect(world.verdict == .quiet)
    }

    @Test func `a change makes one event, and the incarnation stays`() {
        var world = World()
        world.given(Shop.resources)
        let before = world.facts.stage(Shop.dev, in: Shop.project)
        var spec = Shop.stage(Shop.warehouses.map { Shop.direct($0) })
        spec.vars = [Variable(name: "branch", value: "main")]
        world.given([Shop.resource(.stage(Shop.dev, spec))])
        #expect(world.madeEvents == [.stageConfigured])
        let after = world.facts.stage(Shop.dev, in: Shop.project)
        #expect(after?.incarnation == before?.incarnation)
        #expect(after?.position != before?.position)
    }

    @Test func `two documents of one thing are found`() {
        let found = problems(base + [base[1]])
        #expect(found.map(\.field) == ["metadata.name"])
    }

    @Test func `a project must be there or be applied with what it holds`() {
        let found = problems([stage("dev", Shop.direct(Shop.web))])
        #expect(found.map(\.field) == ["metadata.namespace"])
    }

    @Test func `unknown origins and stages are found, all of them`() {
        let found = problems(
            base + [
                stage("dev", Shop.direct(WarehouseName(unchecked: "nothing"))),
                stage("uat", Shop.from(StageName(unchecked: "nowhere"), Shop.web)),
            ]
        )
        #expect(
            found.map(\.field) == [
                "spec.requestedFreight[0].origin", "spec.requestedFreight[0].sources.stages[0]",
            ]
        )
    }

    @Test func `cycles through stages and junctions are found`() {
        var junction = JunctionSpec()
        junction.requestedFreight = [
            RequestedFreight(origin: .warehouse(Shop.web), stages: [StageName(unchecked: "a")])
        ]
        let found = problems(
            base + [
                stage(
                    "a",
                    Shop.direct(Shop.web),
                    RequestedFreight(origin: .junction(Shop.release), direct: true)
                ),
                Shop.resource(.junction(Shop.release, junction)),
            ]
        )
        #expect(found.contains { $0.message.contains("is a cycle") })
        let itself = JunctionName(unchecked: "itself")
        var own = JunctionSpec()
        own.requestedFreight = [RequestedFreight(origin: .junction(itself), direct: true)]
        #expect(
            problems(base + [Shop.resource(.junction(itself, own))])
                .contains { $0.message.contains("is a cycle") }
        )
    }

    @Test func `an origin twice, no source, and a stage that never holds the origin are found`() {
        let found = problems(
            base + [
                stage("dev", Shop.direct(Shop.web)),
                stage(
                    "uat",
                    Shop.from(Shop.dev, Shop.web),
                    Shop.from(Shop.dev, Shop.web),
                    Shop.from(Shop.dev, Shop.payments),
                    RequestedFreight(origin: .warehouse(Shop.checkout))
                ),
            ]
        )
        #expect(found.count == 3)
        #expect(found.contains { $0.message == "Warehouse/web is requested twice" })
        #expect(found.contains { $0.message.contains("can never pass it") })
        #expect(found.contains { $0.message.contains("say where freight comes from") })
    }

    @Test func `slots that would bring the same component are found`() {
        var second = JunctionSpec()
        second.requestedFreight = [
            RequestedFreight(origin: .junction(Shop.release), direct: true),
            Shop.direct(Shop.web),
        ]
        let found = problems(
            Shop.resources + [Shop.resource(.junction(JunctionName(unchecked: "second"), second))]
        )
        #expect(found.contains { $0.message.contains("both bring Warehouse/web") })
    }

    @Test func `MatchUpstream needs exactly one upstream stage`() {
        var request = Shop.direct(Shop.web)
        request.selection = .matchUpstream
        #expect(problems(base + [stage("dev", request)]).count == 1)
    }

    // MARK: - The whole graph

    private func place(_ line: Int) -> SourcePlace {
        SourcePlace(file: "shop.yaml", line: line, column: 1)
    }

    private func placed(_ resource: Resource, _ line: Int) -> Resource {
        Resource(
            project: resource.project,
            specification: resource.specification,
            place: place(line)
        )
    }

    @Test func `MatchUpstream needs a stage that runs something`() {
        var hub = StageSpec()
        hub.requestedFreight = [Shop.direct(Shop.web)]
        var request = Shop.from(StageName(unchecked: "hub"), Shop.web)
        request.selection = .matchUpstream
        let found = problems(
            base + [
                Shop.resource(.stage(StageName(unchecked: "hub"), hub)), stage("dev", request),
            ]
        )
        #expect(found.map(\.resource) == ["Stage/dev"])
        #expect(found[0].message.hasPrefix("stage hub has no steps and runs nothing"))
    }

    @Test func `each cycle is told once, with all that is in it`() {
        func ring(_ names: [String]) -> [Resource] {
            zip(names, names.dropFirst() + names.prefix(1)).map { name, upstream in
                stage(name, Shop.from(StageName(unchecked: upstream), Shop.web))
            }
        }
        let found = problems(
            base + ring(["a", "b", "c"]) + ring(["x", "y"])
                + [stage("into", Shop.from(StageName(unchecked: "a"), Shop.web))]
        )
        #expect(
            found.map(\.message) == [
                "stage/a → stage/b → stage/c → stage/a is a cycle; freight would wait for itself",
                "stage/x → stage/y → stage/x is a cycle; freight would wait for itself",
            ]
        )
    }

    @Test func `long chains, and junctions that share what they take, are no burden`() {
        let names = (0..<2_000).map { StageName(unchecked: "s\($0)") }
        let chain = names.enumerated().map { index, name in
            Shop.resource(
                .stage(
                    name,
                    Shop.stage([
                        index == 0
                            ? Shop.direct(Shop.web) : Shop.from(names[index - 1], Shop.web)
                    ])
                )
            )
        }
        var world = World()
        world.given(base + chain)
        #expect(world.events.count == base.count + 2_000)
        // Each junction takes the two before it: as many ways down as Fibonacci counts.
        let junctions = (0..<60).map { index in
            var spec = JunctionSpec()
            spec.requestedFreight = (max(0, index - 2)..<index).map {
                RequestedFreight(
                    origin: .junction(JunctionName(unchecked: "j\($0)")),
                    direct: true
                )
            }
            if index == 0 { spec.requestedFreight = [Shop.direct(Shop.web)] }
            return Shop.resource(.junction(JunctionName(unchecked: "j\(index)"), spec))
        }
        let found = problems(base + junctions)
        #expect(found.count == 58)
        #expect(found.allSatisfy { $0.message.contains("both bring Warehouse/web") })
    }

    @Test func `a junction that could never be verified together is found`() {
        func found(_ requests: [RequestedFreight]) -> [String] {
            var spec = JunctionSpec()
            spec.requestedFreight = requests
            spec.requireVerifiedTogether = true
            let stages = [
                stage("one", Shop.direct(Shop.web), Shop.direct(Shop.payments)),
                stage("two", Shop.direct(Shop.payments)),
            ]
            return problems(base + stages + [Shop.resource(.junction(Shop.release, spec))])
                .map(\.field)
        }
        let one = StageName(unchecked: "one")
        let two = StageName(unchecked: "two")
        let told = ["spec.repackaging.requireVerifiedTogether"]
        #expect(found([Shop.from(one, Shop.web), Shop.from(one, Shop.payments)]) == [])
        #expect(found([Shop.from(one, Shop.web), Shop.from(two, Shop.payments)]) == [])
        #expect(found([Shop.direct(Shop.web)]) == told)
        #expect(found([Shop.from(two, Shop.payments), Shop.direct(Shop.web)]) == told)
        var optional = Shop.direct(Shop.checkout)
        optional.optional = true
        #expect(found([Shop.from(one, Shop.web), optional]) == [])
    }

    @Test func `a problem of what is not applied is told where what causes it is`() {
        var world = World()
        world.given(Shop.resources)
        let dev = placed(stage("dev", Shop.direct(Shop.web)), 12)
        world.when(.applyManifests(ApplyManifests(resources: [dev])))
        guard case .manifestProblems(let problems) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(problems.map(\.resource) == ["Stage/uat", "Stage/uat"])
        #expect(problems.allSatisfy { $0.place == place(12) })
        #expect(
            problems[0].description
                == "shop.yaml:12:1: Stage/uat: spec.requestedFreight[0].sources.stages[0]: stage "
                + "dev does not request Warehouse/checkout, so its freight can never pass it"
        )
    }

    @Test func `a stage does not lose its steps while promotions wait or run`() {
        var world = Shop.released()
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.prod,
                    selection: .named(["first"])
                )
            )
        )
        var spec = StageSpec()
        spec.requestedFreight = [RequestedFreight(origin: .junction(Shop.release), direct: true)]
        let stage = placed(Shop.resource(.stage(Shop.prod, spec)), 7)
        let apply = Command.applyManifests(ApplyManifests(resources: [stage]))
        let name =
            world.facts.stageState(Shop.prod, in: Shop.project).pending.first?.name
            ?? PromotionName(unchecked: "none")
        let told = [
            "shop.yaml:7:1: Stage/prod: spec.promotionTemplate: the stage would have no steps "
                + "while promotion \(name) is under way; wait until it ends or abort it"
        ]
        world.when(apply)
        #expect(world.refusal?.description == told[0])
        world.when(.startPromotion(StartPromotion(project: Shop.project, promotion: name)))
        world.when(apply)
        #expect(world.refusal?.description == told[0])
        world.when(.abortPromotion(AbortPromotion(project: Shop.project, promotion: name)))
        world.when(apply)
        #expect(world.madeEvents == [.stageConfigured])
    }
}
