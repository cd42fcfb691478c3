import EventLog
import PromotionModel
import Testing

/// What happens on a release day, and at 3 am.
@Suite struct NightsAndReleases {
    /// The team's next train waits for its pull request; uat goes on meanwhile.
    private func releasing() -> (world: World, train: PromotionName) {
        var world = Team.released()
        world.wait(minutes: 24 * 60)
        for service in Team.services.prefix(3) {
            world.givenFreight(service, commit: "\(service)-2")
        }
        world.settle()
        world.when(
            .repackage(
                Repackage(project: Shop.project, junction: Team.release, alias: "train-2")
            ),
            by: "release-manager"
        )
        let train = world.request(["train-2"], to: Shop.prod)
        world.letWait(train)
        return (world, train)
    }

    @Test func `rollback at 3 am while automation runs and a release waits for its pull request`() {
        var (world, train) = releasing()
        // Automation promotes bundles to prod, too.
        world.given([
            Shop.resource(.projectConfig(Shop.policies([Shop.dev, Shop.uat, Shop.prod])))
        ])
        let uat = world.running(Shop.uat)
        world.wait(minutes: 8 * 60)

        world.when(
            .rollBackStage(
                RollBackStage(project: Shop.project, stage: Shop.prod, target: .freight("train-1"))
            ),
            by: "on-call",
            reason: "customers cannot pay"
        )
        #expect(world.superseded == [train: "a rollback goes first"])
        #expect(world.madeEvents.first == .promotionRequested)
        let rollback = world.pending(Shop.prod)[0]
        world.settle()

        // Prod runs what it ran, by the rollback; nothing is uncertain, and uat went on.
        #expect(world.stageState(Shop.prod).currentPromotion == rollback)
        #expect(world.running(Shop.prod)["service-01"] == "service-01-1")
        #expect(world.stageState(Shop.prod).uncertain.isEmpty)
        #expect(world.running(Shop.uat) == uat)

        // Whatever is built in that night goes to uat, and not to prod.
        world.givenFreight(Team.services[9], commit: "service-10-2")
        world.settle()
        world.when(.repackage(Repackage(project: Shop.project, junction: Team.release)))
        world.settle()
        #expect(world.running(Shop.uat)["service-10"] == "service-10-2")
        #expect(world.running(Shop.prod)["service-10"] == "service-10-1")
        #expect(world.promotionState(train).phase == .superseded)

        // In the morning somebody lets it go on.
        world.when(
            .resumeAutomation(ResumeAutomation(project: Shop.project, stage: Shop.prod)),
            by: "release-manager"
        )
        world.settle()
        #expect(world.running(Shop.prod)["service-10"] == "service-10-2")
        #expect(world.running(Shop.prod)["service-01"] == "service-01-2")
    }

    @Test func `a hotfix during a pending release is clubbed into the bundle`() {
        var (world, train) = releasing()
        let fixed = Team.services[20]
        world.givenFreight(fixed, commit: "hotfix")
        world.settle()
        world.when(
            .repackage(
                Repackage(project: Shop.project, junction: Team.release, alias: "train-2a")
            ),
            by: "release-manager"
        )
        let clubbed = world.request(["train-2a"], to: Shop.prod)
        #expect(
            world.superseded == [train: "the other has a newer bundle of Junction/release"]
        )
        world.perform(clubbed)
        let changes = world.promotionState(clubbed).changes
        let changed = changes.filter { $0.kind.countsAsChanged }.map(\.origin.name)
        #expect(
            changed == ["service-01", "service-02", "service-03", "service-21"],
            "one commit: the release and the fix"
        )
        #expect(changes.allSatisfy { $0.kind != .uncertain })
        #expect(world.running(Shop.prod)["service-21"] == "hotfix")
        let promotions = world.facts.promotions(
            of: Shop.prod,
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 2
        )
        let phases = promotions.map { world.promotionState($0.promotion).phase }
        #expect(phases == [.succeeded, .superseded])
    }

    @Test func `restore of a whole project with one stage failing`() {
        var world = Team.released()
        let then = world.facts.position
        world.wait(minutes: 60)
        for service in Team.services { world.givenFreight(service, commit: "\(service)-2") }
        world.settle()
        world.when(.repackage(Repackage(project: Shop.project, junction: Team.release)))
        let bundle = world.facts.junctionState(Team.release, in: Shop.project).bundle
        world.givenPromotion(of: [bundle?.rawValue ?? ""], to: Shop.prod)

        let command = Command.restoreProject(
            RestoreProject(project: Shop.project, position: then)
        )
        world.when(command, by: "on-call", reason: "all of it is broken")
        let restore = world.facts.projectState(Shop.project).restore
        #expect(restore?.items.map(\.stage) == [Shop.prod, Shop.uat, Shop.dev])
        let uat = restore?.items[1].promotion ?? PromotionName(unchecked: "none")
        world.perform(world.pending(Shop.prod)[0])
        world.perform(uat, ending: .failed)
        world.settle()

        // The failure stopped nobody; what it may have touched is known.
        #expect(Set(world.running(Shop.prod).values) == Set(Team.services.map { "\($0)-1" }))
        #expect(Set(world.running(Shop.dev).values) == Set(Team.services.map { "\($0)-1" }))
        #expect(Set(world.running(Shop.uat).values) == Set(Team.services.map { "\($0)-2" }))
        #expect(world.stageState(Shop.uat).uncertain.count == 25)
        guard
            case .restoreFinished(let end) = world.events.map(\.event).last(where: { event in
                event.type == .restoreFinished
            })
        else {
            Issue.record("the restore did not end")
            return
        }
        #expect(end.reached == [Shop.prod, Shop.dev])
        #expect(end.failed == [Shop.uat])

        // Asking again goes on with the one that was not reached.
        world.when(command, by: "on-call")
        let again = world.facts.projectState(Shop.project).restore
        #expect(again?.items.map(\.stage) == [Shop.uat])
        world.settle()
        #expect(Set(world.running(Shop.uat).values) == Set(Team.services.map { "\($0)-1" }))
        #expect(world.stageState(Shop.uat).uncertain.isEmpty)
        #expect(world.facts.projectState(Shop.project).restore == nil)
        world.when(command, by: "on-call")
        #expect(world.verdict == .quiet)
    }
}
