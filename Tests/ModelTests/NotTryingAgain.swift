import PromotionModel
import Testing

/// Automation does not try again what did not succeed on a stage.
@Suite struct NotTryingAgain {
    /// dev, which takes two warehouses by itself, and freight that was found for it.
    private func automated() -> (world: World, freight: FreightID) {
        var world = World()
        world.given(Shop.pair + [Shop.resource(.projectConfig(Shop.policies([Shop.dev])))])
        let freight = world.givenFreight(Shop.web, commit: "w1")
        return (world, freight)
    }

    /// What automation would promote to dev now.
    private func proposed(_ world: World) -> [Command] {
        world.nextSteps(for: .stage(Shop.dev)).commands.map(\.command)
    }

    @Test(arguments: [StepStatus.failed, .errored, .aborted])
    func `freight whose promotion did not succeed is left alone, newer freight is not`(
        ending status: StepStatus
    ) {
        var (world, freight) = automated()
        #expect(proposed(world).count == 1, "automation promotes it")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev, ending: status)
        #expect(proposed(world).isEmpty)
        let newer = world.givenFreight(Shop.web, commit: "w2")
        guard case .requestPromotion(let request)? = proposed(world).first else {
            Issue.record("newer freight is not promoted")
            return
        }
        #expect(request.selection == .named([newer.rawValue]))
    }

    @Test func `once somebody made it succeed, it counts as any other`() {
        var (world, freight) = automated()
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev, ending: .failed)
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        #expect(world.facts.stageState(Shop.dev, in: Shop.project).unsuccessful.isEmpty)
        #expect(proposed(world).isEmpty, "it runs")
    }
}
