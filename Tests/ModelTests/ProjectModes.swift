import EventLog
import PromotionModel
import Testing

@Suite struct ProjectModes {
    private func set(_ mode: ProjectMode, in world: inout World) {
        world.when(
            .setProjectMode(SetProjectMode(project: Shop.project, mode: mode)),
            reason: "the other tool does it"
        )
    }

    private func observed() -> World {
        var world = Shop.released()
        set(.observe, in: &world)
        return world
    }

    @Test func `a project is driven until it is only observed, and adopted again`() {
        var world = Shop.released()
        #expect(world.facts.projectState(Shop.project).mode == .drive)
        set(.drive, in: &world)
        #expect(world.verdict == .quiet)
        set(.observe, in: &world)
        #expect(world.madeEvents == [.projectModeSet])
        set(.observe, in: &world)
        #expect(world.verdict == .quiet)
        set(.drive, in: &world)
        #expect(world.madeEvents == [.projectModeSet])
        #expect(world.facts.projectState(Shop.project).mode == .drive)
    }

    @Test func `whatever moves freight is refused where it is only observed, before other rules`() {
        let nothing = JunctionName(unchecked: "nothing")
        let none = PromotionName(unchecked: "none")
        let commands: [Command] = [
            .collectFreight(CollectFreight(project: Shop.project, junction: nothing)),
            .repackage(Repackage(project: Shop.project, junction: nothing)),
            .rollBackJunction(
                RollBackJunction(project: Shop.project, junction: nothing, target: .previous)
            ),
            .resumeCollection(ResumeCollection(project: Shop.project, junction: nothing)),
            .requestPromotion(
                RequestPromotion(project: Shop.project, stage: Shop.prod, selection: .named(["x"]))
            ),
            .rollBackStage(
                RollBackStage(project: Shop.project, stage: Shop.prod, target: .previous)
            ),
            .startPromotion(StartPromotion(project: Shop.project, promotion: none)),
            .abortPromotion(AbortPromotion(project: Shop.project, promotion: none)),
            .resumeAutomation(ResumeAutomation(project: Shop.project, stage: Shop.prod)),
        ]
        for command in commands {
            var world = observed()
            world.when(command)
            #expect(world.refusal == .projectObserved(Shop.project), "\(command)")
        }
    }

    @Test func `what only records or configures goes on`() {
        var world = observed()
        world.when(.recordDiscovery(Shop.discovery(of: Shop.web, commit: "web-9")))
        #expect(world.madeEvents == [.artifactsDiscovered])
        world.when(
            .deleteResource(DeleteResource(project: Shop.project, resource: .stage(Shop.prod)))
        )
        #expect(world.madeEvents == [.resourceRemoved])
        world.given(Shop.resources)
        #expect(world.madeEvents == [.stageConfigured])
    }

    @Test func `automation does nothing there, and goes on once the project is adopted`() {
        var world = observed()
        world.when(.recordDiscovery(Shop.discovery(of: Shop.web, commit: "web-9")))
        for subject in world.allSubjects {
            let next = world.nextSteps(for: subject)
            #expect(next.commands.isEmpty && next.wakeAt == nil && next.running.isEmpty)
        }
        set(.drive, in: &world)
        world.settle()
        #expect(world.running(Shop.uat)["web"] == "web-9")
    }

    @Test func `a project is not left while a promotion waits or runs`() {
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
        let name =
            world.facts.stageState(Shop.prod, in: Shop.project).pending.first?.name
            ?? PromotionName(unchecked: "none")
        set(.observe, in: &world)
        #expect(world.refusal == .promotionUnderWay(name, on: Shop.prod))
        world.when(.startPromotion(StartPromotion(project: Shop.project, promotion: name)))
        set(.observe, in: &world)
        #expect(world.refusal == .promotionUnderWay(name, on: Shop.prod))
        let other = ProjectName(unchecked: "other")
        world.when(.setProjectMode(SetProjectMode(project: other, mode: .observe)))
        #expect(world.refusal == .unknownProject(other))
    }
}
