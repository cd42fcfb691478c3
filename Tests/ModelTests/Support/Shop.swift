import EventLog
import Expressions
import PromotionModel
import Testing

/// The pipeline that most tests are about: three warehouses, dev and uat, a junction, prod.
enum Shop {
    static let project = ProjectName(unchecked: "shop")
    static let checkout = WarehouseName(unchecked: "checkout")
    static let payments = WarehouseName(unchecked: "payments")
    static let web = WarehouseName(unchecked: "web")
    static let warehouses = [checkout, payments, web]
    static let dev = StageName(unchecked: "dev")
    static let uat = StageName(unchecked: "uat")
    static let prod = StageName(unchecked: "prod")
    static let release = JunctionName(unchecked: "release")

    /// All of it: dev and uat promote by themselves, prod by hand.
    static var resources: [Resource] {
        [resource(.project), resource(.projectConfig(policies([dev, uat])))]
            + warehouses.map { resource(.warehouse($0, warehouse($0))) }
            + [
                resource(.stage(dev, stage(warehouses.map { direct($0) }))),
                resource(.stage(uat, stage(warehouses.map { from(dev, $0) }))),
                resource(.junction(release, junction())),
                resource(
                    .stage(
                        prod,
                        stage([
                            RequestedFreight(origin: .junction(release), direct: true),
                            from(uat, payments),
                        ])
                    )
                ),
            ]
    }

    /// The same without any automatic promotion, so that tests move freight by hand.
    static var manual: [Resource] {
        resources.map { resource in
            if case .projectConfig = resource.specification {
                return Self.resource(.projectConfig(policies([])))
            }
            return resource
        }
    }

    /// All of it, with another junction.
    static func resources(with junction: JunctionSpec) -> [Resource] {
        resources.map { resource in
            guard case .junction = resource.specification else { return resource }
            return Self.resource(.junction(release, junction))
        }
    }

    static func resource(_ specification: Specification) -> Resource {
        Resource(project: project, specification: specification)
    }

    static func policies(_ stages: [StageName]) -> ProjectSpec {
        var spec = ProjectSpec()
        spec.promotionPolicies = stages.map { stage in
            var policy = PromotionPolicy()
            policy.stagePattern = stage.rawValue
            policy.autoPromotionEnabled = true
            return policy
        }
        return spec
    }

    static func warehouse(_ name: WarehouseName) -> WarehouseSpec {
        var spec = WarehouseSpec()
        spec.subscriptions = [
            Subscription(git: GitSubscription(repoURL: repository(name), branch: "main"))
        ]
        return spec
    }

    static func repository(_ name: WarehouseName) -> String {
        "https://git.example.com/shop/\(name).git"
    }

    static func direct(_ warehouse: WarehouseName) -> RequestedFreight {
        RequestedFreight(origin: .warehouse(warehouse), direct: true)
    }

    static func from(
        _ stage: StageName,
        _ warehouse: WarehouseName,
        soakMinutes: Int64 = 0
    ) -> RequestedFreight {
        RequestedFreight(
            origin: .warehouse(warehouse),
            stages: [stage],
            requiredSoakMs: soakMinutes * 60_000
        )
    }

    static func stage(_ requests: [RequestedFreight]) -> StageSpec {
        var spec = StageSpec()
        spec.requestedFreight = requests
        spec.steps = [step("clone"), step("update", forEach: .changed), step("push")]
        return spec
    }

    static func step(_ alias: String, forEach: StepRepetition? = nil) -> StepTemplate {
        var step = StepTemplate()
        step.uses = "test-\(alias)"
        step.alias = alias
        step.forEach = forEach
        step.config = ["path": "./out"]
        return step
    }

    static func junction() -> JunctionSpec {
        var spec = JunctionSpec()
        spec.requestedFreight = warehouses.map { from(uat, $0) }
        return spec
    }

    /// What a look at a warehouse finds: one commit.
    static func discovery(of warehouse: WarehouseName, commit: String) -> RecordDiscovery {
        RecordDiscovery(
            project: project,
            warehouse: warehouse,
            findings: [
                SubscriptionFinding(
                    subscription: "",
                    repoURL: repository(warehouse),
                    artifacts: [
                        Artifact(
                            commit: CommitArtifact(
                                repoURL: repository(warehouse),
                                id: commit,
                                branch: "main"
                            )
                        )
                    ]
                )
            ]
        )
    }

    /// The shop with freight of each warehouse in dev and uat, collected in the junction.
    static func settled() -> World {
        var world = World()
        world.given(resources)
        for warehouse in warehouses { world.givenFreight(warehouse, commit: "\(warehouse)-1") }
        world.settle()
        return world
    }

    /// The settled shop with its first bundle, `first`, in prod.
    static func released() -> World {
        var world = settled()
        world.when(.repackage(Repackage(project: project, junction: release, alias: "first")))
        world.givenPromotion(of: ["first"], to: prod)
        return world
    }
}
