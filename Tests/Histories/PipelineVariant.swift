import Expressions
import PromotionModel

/// Makes up what a project is configured as.
struct PipelineVariant {
    let project: ProjectName
    var random: SeededGenerator
    /// Everything as it is meant; otherwise each setting may be another.
    let isPlain: Bool

    /// All resources of the project.
    mutating func resources() -> [Resource] {
        let specifications: [Specification] =
            switch project {
            case Pipelines.shop: shop()
            case Pipelines.lines: lines()
            default: trains()
            }
        let names = Pipelines.names(of: project)
        var all: [Specification] = [.project, .projectConfig(policies())]
        for name in names.warehouses { all.append(.warehouse(name, warehouse(name))) }
        return (all + specifications).map { Resource(project: project, specification: $0) }
    }

    private mutating func vary<T>(_ usual: T, _ others: T...) -> T {
        guard !isPlain, Int.random(in: 0..<4, using: &random) == 0 else { return usual }
        return others[Int.random(in: others.indices, using: &random)]
    }

    // MARK: - The three shapes

    private mutating func shop() -> [Specification] {
        let warehouses = Pipelines.names(of: project).warehouses
        let soak = vary(Int64(0), 5, 30)
        var junction = junction(warehouses.map { passed(Pipelines.uat, .warehouse($0)) })
        junction.selection = vary(.newestVerified, .newestFreight, .matchUpstream)
        return [
            .stage(Pipelines.dev, stage(warehouses.map { direct(.warehouse($0)) })),
            .stage(
                Pipelines.uat,
                stage(warehouses.map { passed(Pipelines.dev, .warehouse($0), soakMinutes: soak) })
            ),
            .junction(Pipelines.release, junction),
            .stage(
                Pipelines.prod,
                stage(
                    thinned([
                        direct(.junction(Pipelines.release)),
                        passed(Pipelines.uat, .warehouse(Pipelines.payments)),
                    ])
                )
            ),
        ]
    }

    private mutating func lines() -> [Specification] {
        let api = Origin.warehouse(Pipelines.api)
        let lib = Origin.warehouse(Pipelines.lib)
        var flow = StageSpec()
        flow.requestedFreight = [direct(api)]
        var both = passed(Pipelines.left, api, soakMinutes: vary(10, 0, 120))
        both.stages.append(Pipelines.right)
        both.availability = vary(.all, .oneOf)
        var same = passed(Pipelines.accept, api)
        same.selection = vary(.matchUpstream, .newestFreight)
        return [
            .stage(Pipelines.gate, flow),
            .stage(Pipelines.left, stage([passed(Pipelines.gate, api)])),
            .stage(Pipelines.right, stage([passed(Pipelines.gate, api, soakMinutes: 5)])),
            .stage(Pipelines.accept, stage(thinned([both, direct(lib)]))),
            .stage(Pipelines.mirror, stage([same])),
        ]
    }

    private mutating func trains() -> [Specification] {
        let services = [Pipelines.one, Pipelines.two].map { Origin.warehouse($0) }
        var daily = junction(services.map { passed(Pipelines.dev, $0) })
        daily.repackagingPolicy = vary(.automatic, .manual)
        daily.debounceMs = vary(5 * 60_000, 0, 60 * 60_000)
        if daily.debounceMs > 0 { daily.debounceMaxMs = vary(30 * 60_000, 0) }
        daily.criteria = vary(
            nil,
            "len(changed) > 0",
            "len(changed) > 1",
            "lastRepackaged == nil || secondsSince(lastRepackaged) > 900",
            "changed[2].name != 'web'"
        )
        var fromUat = passed(Pipelines.uat, .junction(Pipelines.daily))
        fromUat.selection = .newestFreight
        var extra = direct(.warehouse(Pipelines.three))
        extra.optional = true
        var weekly = junction([fromUat, extra])
        weekly.selection = vary(.newestVerified, .newestFreight)
        return [
            .stage(Pipelines.dev, stage(thinned(services.map { direct($0) }))),
            .junction(Pipelines.daily, daily),
            .stage(Pipelines.uat, stage([direct(.junction(Pipelines.daily))])),
            .junction(Pipelines.weekly, weekly),
            .stage(Pipelines.prod, stage([direct(.junction(Pipelines.weekly))])),
        ]
    }

    // MARK: - Parts

    private mutating func policies() -> ProjectSpec {
        let automatic: [StageName] =
            switch project {
            case Pipelines.shop: vary([Pipelines.dev, Pipelines.uat], [], [Pipelines.uat])
            case Pipelines.lines: [Pipelines.left, Pipelines.right, Pipelines.mirror]
            default: vary([Pipelines.dev, Pipelines.uat], [Pipelines.prod])
            }
        var spec = ProjectSpec()
        spec.promotionPolicies = automatic.map { stage in
            var policy = PromotionPolicy()
            policy.stagePattern = stage.rawValue
            policy.autoPromotionEnabled = true
            return policy
        }
        return spec
    }

    private mutating func warehouse(_ name: WarehouseName) -> WarehouseSpec {
        var spec = WarehouseSpec()
        spec.subscriptions = Pipelines.subscriptions(of: name)
        spec.creationCriteria = vary(nil, "false", "commitFrom(1)")
        spec.creationPolicy = vary(name == Pipelines.lib ? .manual : .automatic, .manual)
        spec.promoteAssembled = vary(name == Pipelines.api, true)
        return spec
    }

    private mutating func stage(_ requests: [RequestedFreight]) -> StageSpec {
        var spec = StageSpec()
        spec.requestedFreight = requests
        spec.steps = [step("clone"), step("update", forEach: .changed), step("push")]
        if vary(false, true) { spec.steps = [step("push")] }
        spec.promotionQueue = vary(.all, .latest, .coalesce)
        spec.verification = verification()
        return spec
    }

    private mutating func verification() -> VerificationSpec? {
        guard vary(project == Pipelines.trains, true) else { return nil }
        var verification = VerificationSpec()
        verification.templates = ["smoke"]
        verification.blocking = vary(true, false)
        verification.external = vary(.wait, .assume)
        return verification
    }

    private mutating func junction(_ requests: [RequestedFreight]) -> JunctionSpec {
        var spec = JunctionSpec()
        spec.requestedFreight = requests
        for index in spec.requestedFreight.indices where vary(false, true) {
            spec.requestedFreight[index].optional = true
        }
        spec.collectionPolicy = vary(.automatic, .manual)
        spec.requireVerifiedTogether = vary(false, true)
        return spec
    }

    private func step(_ alias: String, forEach: StepRepetition? = nil) -> StepTemplate {
        var step = StepTemplate()
        step.uses = "test-\(alias)"
        step.alias = alias
        step.forEach = forEach
        step.continueOnError = alias == "clone"
        step.config = ["path": "./out"]
        return step
    }

    /// The requests, or all but one, so that what a stage runs is requested no longer.
    private mutating func thinned(_ requests: [RequestedFreight]) -> [RequestedFreight] {
        guard vary(false, true) else { return requests }
        let left = Int.random(in: requests.indices, using: &random)
        return requests.enumerated().filter { $0.offset != left }.map(\.element)
    }

    private func direct(_ origin: Origin) -> RequestedFreight {
        RequestedFreight(origin: origin, direct: true)
    }

    private func passed(
        _ stage: StageName,
        _ origin: Origin,
        soakMinutes: Int64 = 0
    ) -> RequestedFreight {
        RequestedFreight(origin: origin, stages: [stage], requiredSoakMs: soakMinutes * 60_000)
    }
}
