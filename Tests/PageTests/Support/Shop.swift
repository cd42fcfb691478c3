import Expressions
import PromotionModel

/// The shop's pipeline: five warehouses, dev, uat, a junction, prod, and a standby behind it.
enum Shop {
    static let release = JunctionName(unchecked: "release")
    static let warehouses = ["catalog", "checkout", "payments", "search", "web"]

    static var resources: [Resource] {
        let origins = warehouses.map { Origin.warehouse(WarehouseName(unchecked: $0)) }
        var config = ProjectSpec()
        config.promotionPolicies = ["dev", "uat"].map { name in
            var policy = PromotionPolicy()
            policy.stagePattern = name
            policy.autoPromotionEnabled = true
            return policy
        }
        var junction = JunctionSpec()
        junction.requestedFreight = origins.map {
            RequestedFreight(
                origin: $0,
                stages: [StageName(unchecked: "uat")],
                requiredSoakMs: 3_600_000
            )
        }
        junction.selection = .newestVerified
        let payments = RequestedFreight(
            origin: .warehouse(WarehouseName(unchecked: "payments")),
            stages: [StageName(unchecked: "uat")]
        )
        let prod = stage(
            [RequestedFreight(origin: .junction(release), direct: true), payments],
            ["clone", "update", "commit", "push", "open-pr", "wait-for-pr", "sync"]
        )
        let standby = [
            RequestedFreight(origin: .junction(release), stages: [StageName(unchecked: "prod")]),
            RequestedFreight(origin: payments.origin, stages: [StageName(unchecked: "prod")]),
        ]
        var uat = stage(
            origins.map { RequestedFreight(origin: $0, stages: [StageName(unchecked: "dev")]) },
            ["clone", "update", "commit", "push", "sync"]
        )
        var verification = VerificationSpec()
        verification.templates = ["smoke"]
        verification.blocking = false
        uat.verification = verification
        let specifications: [Specification] =
            [.project, .projectConfig(config)]
            + warehouses.map { .warehouse(WarehouseName(unchecked: $0), warehouse($0)) } + [
                .stage(
                    StageName(unchecked: "dev"),
                    stage(
                        origins.map { RequestedFreight(origin: $0, direct: true) },
                        ["clone", "update", "push"]
                    )
                ),
                .stage(StageName(unchecked: "uat"), uat), .junction(release, junction),
                .stage(StageName(unchecked: "prod"), prod),
                .stage(StageName(unchecked: "dr"), stage(standby, ["clone", "update", "push"])),
            ]
        return specifications.map { Resource(project: Story.project, specification: $0) }
    }

    static func warehouse(_ name: String) -> WarehouseSpec {
        var spec = WarehouseSpec()
        spec.subscriptions = [
            Subscription(
                git: GitSubscription(repoURL: "https://git.example.com/shop/\(name).git")
            )
        ]
        return spec
    }

    static func stage(_ requests: [RequestedFreight], _ steps: [String]) -> StageSpec {
        var spec = StageSpec()
        spec.requestedFreight = requests
        spec.steps = steps.map { alias in
            var step = StepTemplate()
            step.uses = "git-\(alias)"
            step.alias = alias
            return step
        }
        return spec
    }
}
