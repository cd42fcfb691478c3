import EventLog
import PromotionModel
import Testing

@Suite struct RulesAtTheirEdges {
    @Test func `a step that was aborted ends its promotion aborted, with the step's reason`() {
        var world = World()
        world.given(Shop.manual)
        let freight = world.givenFreight(Shop.web, commit: "w1")
        let name = world.givenPromotion(of: [freight.rawValue], to: Shop.dev, ending: .aborted)
        let state = world.facts.promotionState(name, in: Shop.project)
        #expect(state.phase == .aborted)
        #expect(state.message == "step push: it did not work")
    }

    @Test(arguments: [
        (nil, true), ("", true), ("true", true), ("commitFrom(repository).ID == 'w1'", true),
        ("false", false), ("commitFrom(repository).ID == 'w2'", false), ("nothing.like.it", false),
    ])
    func `no freight is made by itself against the criteria, or where they cannot be judged`(
        criteria: String?,
        isMade: Bool
    ) {
        var warehouse = Shop.warehouse(Shop.web)
        warehouse.creationCriteria =
            criteria?.replacing("repository", with: "'\(Shop.repository(Shop.web))'")
        var world = World()
        world.given([
            Shop.resource(.project), Shop.resource(.warehouse(Shop.web, warehouse)),
        ])
        world.when(.recordDiscovery(Shop.discovery(of: Shop.web, commit: "w1")))
        let next = world.nextSteps(for: .warehouse(Shop.web))
        #expect(next.commands.isEmpty != isMade)
    }

    @Test
    func `a policy that cannot be read decides against automation, unless another came first`() {
        var enabling = PromotionPolicy()
        enabling.autoPromotionEnabled = true
        var unreadable = enabling
        unreadable.stagePattern = "regex:["
        func isEnabled(_ policies: [PromotionPolicy]) -> Bool {
            AutoPromotionRule.isEnabled(Shop.dev, spec: StageSpec(), policies: policies)
        }
        #expect(isEnabled([enabling, unreadable]))
        #expect(!isEnabled([unreadable, enabling]))
        #expect(!isEnabled([unreadable]))
        #expect(!isEnabled([]))
    }

    @Test func `what a step's retry does not say is the step's default, and no limit can be said`()
    {
        let unsaid: StepRetry? = nil
        #expect(unsaid.errorThreshold(default: 4) == 4)
        #expect(unsaid.timeoutMs(default: 60_000) == 60_000)
        var said = StepRetry()
        #expect(StepRetry?.some(said).timeoutMs(default: 60_000) == 60_000)
        said.timeoutMs = 0
        #expect(StepRetry?.some(said).timeoutMs(default: 60_000) == 0)
    }
}
