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
}
