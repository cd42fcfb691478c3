import EventLog
import PromotionModel
import Testing

@Suite struct MakingFreight {
    private let subject = Subject.warehouse(Shop.web)

    private func shop(_ change: (inout WarehouseSpec) -> Void) -> World {
        var spec = Shop.warehouse(Shop.web)
        change(&spec)
        var world = World()
        world.given([Shop.resource(.project), Shop.resource(.warehouse(Shop.web, spec))])
        return world
    }

    private func discover(_ commit: String, in world: inout World) -> ArtifactsDiscovered? {
        world.when(.recordDiscovery(Shop.discovery(of: Shop.web, commit: commit)))
        guard case .artifactsDiscovered(let event) = world.drafts.last?.event else { return nil }
        return event
    }

    private func create(in world: inout World, by actor: String) {
        world.when(
            .createFreight(CreateFreight(project: Shop.project, warehouse: Shop.web)),
            by: actor
        )
    }

    private var criteria: String { "commitFrom('\(Shop.repository(Shop.web))').ID == 'web-2'" }

    @Test func `what was found is made freight of, unless the criteria say no`() {
        var world = shop { $0.creationCriteria = criteria }
        let first = discover("web-1", in: &world)
        #expect(
            first?.noFreightBecause
                == "freightCreationCriteria do not hold: \(criteria.quotedForDisplay)"
        )
        #expect(world.nextSteps(for: subject).commands.isEmpty)
        let second = discover("web-2", in: &world)
        #expect(second?.noFreightBecause == nil)
        let proposal = world.nextSteps(for: subject).commands.first
        #expect(proposal?.because.hasSuffix(", and its criteria hold") == true)
        world.settle()
        #expect(world.events.last?.event.type == .freightCreated)
        let again = discover("web-1", in: &world)
        #expect(again?.noFreightBecause != nil)
    }

    @Test func `why there is no freight is recorded`() {
        var manual = shop { $0.creationPolicy = .manual }
        #expect(
            discover("web-1", in: &manual)?.noFreightBecause == "freightCreationPolicy is Manual"
        )
        var failing = shop { $0.creationCriteria = "commitFrom()" }
        #expect(
            discover("web-1", in: &failing)?.noFreightBecause?.contains("cannot be judged") == true
        )
        var twofold = shop {
            let other = "https://git.example.com/shop/charts.git"
            $0.subscriptions.append(Subscription(git: GitSubscription(repoURL: other)))
        }
        #expect(
            discover("web-1", in: &twofold)?.noFreightBecause
                == "nothing was found for https://git.example.com/shop/charts.git"
        )
        var known = shop { _ in }
        _ = discover("web-1", in: &known)
        known.settle()
        let alias = known.alias(
            known.facts.freight(
                of: .warehouse(Shop.web),
                in: Shop.project,
                before: Position(rawValue: .max),
                limit: 1
            ).first?.freight
        )
        _ = discover("web-2", in: &known)
        #expect(discover("web-1", in: &known)?.noFreightBecause == "freight \(alias) is the same")
    }

    @Test func `automation is refused where the criteria do not hold, a person is not`() {
        var world = shop { $0.creationCriteria = criteria }
        _ = discover("web-1", in: &world)
        create(in: &world, by: "automation")
        guard case .creationWaits(Shop.web, let why) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(why.hasPrefix("freightCreationCriteria do not hold"))
        create(in: &world, by: "operator")
        #expect(world.madeEvents == [.freightCreated])
        create(in: &world, by: "automation")
        #expect(world.verdict == .quiet, "that there is such freight comes first")
    }

    @Test func `criteria that change are judged of what was found before`() {
        var world = shop { $0.creationCriteria = "false" }
        _ = discover("web-1", in: &world)
        world.settle()
        #expect(world.events.last?.event.type == .artifactsDiscovered)
        world.given([Shop.resource(.warehouse(Shop.web, Shop.warehouse(Shop.web)))])
        world.settle()
        #expect(world.events.last?.event.type == .freightCreated)
    }

    @Test func `criteria see what the present subscriptions found`() {
        let charts = "https://git.example.com/shop/charts.git"
        var world = shop {
            $0.subscriptions.append(Subscription(git: GitSubscription(repoURL: charts)))
        }
        let commits = [Shop.repository(Shop.web), charts].map {
            CommitArtifact(repoURL: $0, id: "c1", branch: "main")
        }
        world.when(
            .recordDiscovery(
                RecordDiscovery(
                    project: Shop.project,
                    warehouse: Shop.web,
                    findings: commits.map {
                        SubscriptionFinding(
                            subscription: "",
                            repoURL: $0.repoURL,
                            artifacts: [Artifact(commit: $0)]
                        )
                    }
                )
            )
        )
        var spec = Shop.warehouse(Shop.web)
        spec.creationCriteria = "commitFrom('\(charts)') != nil"
        world.given([Shop.resource(.warehouse(Shop.web, spec))])
        #expect(world.nextSteps(for: subject).commands.isEmpty)
    }
}
