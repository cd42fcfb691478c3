import EventLog
import Expressions
import PromotionModel

/// A pipeline of many services.
///
/// Each service has stages of its own, one behind the other. All go together through `dev` and
/// `uat`, are collected by the junction `release`, and go as one bundle to several prods.
struct Pipeline: Sendable {
    let serviceCount: Int
    /// Stages that each service has for itself.
    let ownStageCount: Int
    let prodCount: Int

    /// What the model must be quick at: 600 stages, 25 services.
    static let large = Pipeline(serviceCount: 25, ownStageCount: 23, prodCount: 23)

    static let project = ProjectName(unchecked: "bench")
    static let dev = StageName(unchecked: "dev")
    static let uat = StageName(unchecked: "uat")
    static let release = JunctionName(unchecked: "release")

    static func warehouse(_ service: Int) -> WarehouseName {
        WarehouseName(unchecked: "service-\(twoDigits(service))")
    }

    static func origin(_ service: Int) -> Origin { .warehouse(warehouse(service)) }

    static func ownStage(_ service: Int, _ number: Int) -> StageName {
        StageName(unchecked: "service-\(twoDigits(service))-test-\(twoDigits(number))")
    }

    static func prod(_ number: Int) -> StageName {
        StageName(unchecked: "prod-\(twoDigits(number))")
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    static func repository(_ service: Int) -> String {
        "https://git.example.com/shop/\(warehouse(service)).git"
    }

    // MARK: - Configuration

    var resources: [Resource] {
        let all = (0..<serviceCount)
        var specifications: [Specification] = [.project, .projectConfig(policies)]
        specifications += all.map { .warehouse(Self.warehouse($0), Self.watched($0)) }
        let toDev = all.map { Self.direct(Self.origin($0)) }
        let toUat = all.map { Self.passed(Self.dev, Self.origin($0)) }
        specifications.append(.stage(Self.dev, Self.stage(toDev)))
        specifications.append(.stage(Self.uat, Self.stage(toUat)))
        specifications.append(.junction(Self.release, junction))
        for number in 0..<prodCount {
            let spec = Self.stage([Self.direct(.junction(Self.release))])
            specifications.append(.stage(Self.prod(number), spec))
        }
        for service in all { specifications += ownStages(service) }
        return specifications.map { Resource(project: Self.project, specification: $0) }
    }

    private func ownStages(_ service: Int) -> [Specification] {
        (0..<ownStageCount).map { number in
            let origin = Self.origin(service)
            let request =
                number == 0
                ? Self.direct(origin)
                : Self.passed(Self.ownStage(service, number - 1), origin)
            return .stage(Self.ownStage(service, number), Self.stage([request]))
        }
    }

    /// Everything but the prods promotes by itself.
    private var policies: ProjectSpec {
        var prods = PromotionPolicy()
        prods.stagePattern = "glob:prod-*"
        var others = PromotionPolicy()
        others.autoPromotionEnabled = true
        var spec = ProjectSpec()
        spec.promotionPolicies = [prods, others]
        return spec
    }

    private static func watched(_ service: Int) -> WarehouseSpec {
        var spec = WarehouseSpec()
        let git = GitSubscription(repoURL: repository(service), branch: "main")
        spec.subscriptions = [Subscription(git: git)]
        return spec
    }

    private static func direct(_ origin: Origin) -> RequestedFreight {
        RequestedFreight(origin: origin, direct: true)
    }

    private static func passed(_ stage: StageName, _ origin: Origin) -> RequestedFreight {
        RequestedFreight(origin: origin, stages: [stage])
    }

    private var junction: JunctionSpec {
        var spec = JunctionSpec()
        spec.requestedFreight = (0..<serviceCount).map { Self.passed(Self.uat, Self.origin($0)) }
        spec.selection = .newestVerified
        return spec
    }

    /// The usual steps of a stage, with configurations of the usual size.
    private static func stage(_ requests: [RequestedFreight]) -> StageSpec {
        var spec = StageSpec()
        spec.requestedFreight = requests
        spec.vars = [Variable(name: "repo", value: "https://git.example.com/shop/deploy.git")]
        spec.steps = [
            step(
                "git-clone",
                ["repoURL": "${{ vars.repo }}", "checkout": [["branch": "main", "path": "./out"]]]
            ),
            step(
                "yaml-update",
                [
                    "path": "./out/${{ ctx.stage }}/values.yaml",
                    "updates": [
                        [
                            "key": "${{ component.origin.name }}.tag",
                            "value": "${{ component.to.commits[0].id }}",
                        ]
                    ],
                ],
                forEach: .changed
            ),
            step(
                "git-commit",
                ["path": "./out", "message": "${{ ctx.stage }}: ${{ len(changed()) }} changed"]
            ),
            step("git-push", ["path": "./out", "targetBranch": "stage/${{ ctx.stage }}"]),
        ]
        return spec
    }

    private static func step(
        _ uses: String,
        _ config: Value,
        forEach: StepRepetition? = nil
    ) -> StepTemplate {
        var step = StepTemplate()
        step.uses = uses
        step.config = config
        step.forEach = forEach
        return step
    }
}
