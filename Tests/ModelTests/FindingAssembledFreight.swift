import EventLog
import PromotionModel
import Testing

/// Freight that somebody put together, and that its warehouse finds, or may find, by itself.
@Suite struct FindingAssembledFreight {
    @Test func `assembled freight that the warehouse then finds by itself is like any other`()
        throws
    {
        var world = AssemblingFreight.world
        world.given([Shop.resource(.projectConfig(Shop.policies([Shop.dev])))])
        world.when(AssemblingFreight.assemble([("code", AssemblingFreight.commit("new"))]))
        let freight = try AssemblingFreight.made(world).freight
        world.settle()
        #expect(world.facts.stageState(Shop.dev, in: Shop.project).current == nil)
        var findings = AssemblingFreight.findings
        findings[0].artifacts.insert(AssemblingFreight.discoveredCommit("new"), at: 0)
        world.when(
            .recordDiscovery(
                RecordDiscovery(
                    project: Shop.project,
                    warehouse: AssemblingFreight.suite,
                    findings: findings
                )
            )
        )
        #expect(
            try world.facts.dependents(of: #require(world.lastEvent), in: Shop.project)
                == [.warehouse(AssemblingFreight.suite), .stage(Shop.dev)]
        )
        world.settle()
        let running = world.facts.stageState(Shop.dev, in: Shop.project).current
        #expect(running?.components.first?.freight == freight)
    }

    @Test func `a warehouse that is made anew makes its own what was put together for the old one`()
        throws
    {
        var world = AssemblingFreight.world
        let spec = try #require(world.facts.warehouse(AssemblingFreight.suite, in: Shop.project))
            .spec
        world.when(AssemblingFreight.assemble([("code", AssemblingFreight.commit("new"))]))
        let freight = try AssemblingFreight.made(world).freight
        for resource in [Subject.stage(Shop.dev), .warehouse(AssemblingFreight.suite)] {
            world.when(
                .deleteResource(DeleteResource(project: Shop.project, resource: resource))
            )
        }
        world.given([Shop.resource(.warehouse(AssemblingFreight.suite, spec))])
        #expect(world.facts.freightStatus(freight, in: Shop.project).confirmed == .origin)
        var findings = AssemblingFreight.findings
        findings[0].artifacts.insert(AssemblingFreight.discoveredCommit("new"), at: 0)
        world.when(
            .recordDiscovery(
                RecordDiscovery(
                    project: Shop.project,
                    warehouse: AssemblingFreight.suite,
                    findings: findings
                )
            )
        )
        #expect(world.facts.freightStatus(freight, in: Shop.project).confirmed > .origin)
    }

    @Test func `new freight concerns only who takes it straight from its warehouse`() throws {
        var world = AssemblingFreight.world
        let uat = StageName(unchecked: "uat")
        world.given([
            Shop.resource(.stage(uat, Shop.stage([Shop.from(Shop.dev, AssemblingFreight.suite)])))
        ])
        world.when(AssemblingFreight.assemble([("code", AssemblingFreight.commit("two"))]))
        #expect(
            try world.facts.dependents(of: #require(world.lastEvent), in: Shop.project)
                == [.stage(Shop.dev)]
        )
    }

    @Test func `what would be made now anyway is no choice by hand`() throws {
        var world = AssemblingFreight.world
        world.given([Shop.resource(.projectConfig(Shop.policies([Shop.dev])))])
        world.when(AssemblingFreight.assemble([("code", AssemblingFreight.commit("one"))]))
        let freight = try AssemblingFreight.made(world).freight
        world.settle()
        let running = world.facts.stageState(Shop.dev, in: Shop.project).current
        #expect(running?.components.first?.freight == freight)
    }
}
