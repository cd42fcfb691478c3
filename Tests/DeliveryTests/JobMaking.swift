import EventLog
import Expressions
import PromotionModel

/// A step of a template, in few words.
func step(
    _ uses: String,
    _ config: Value = .null,
    alias: String? = nil,
    condition: String? = nil,
    continueOnError: Bool = false,
    vars: [(String, String)] = [],
    errorThreshold: UInt64 = 0,
    forEach: StepRepetition? = nil
) -> StepTemplate {
    var template = StepTemplate()
    template.uses = uses
    template.alias = alias
    template.condition = condition
    template.continueOnError = continueOnError
    template.vars = vars.map { Variable(name: $0.0, value: $0.1) }
    template.config = config
    template.forEach = forEach
    if errorThreshold > 0 {
        var retry = StepRetry()
        retry.errorThreshold = errorThreshold
        template.retry = retry
    }
    return template
}

/// A component of a change set whose freight is a commit.
func component(_ name: String, _ kind: ChangeKind, to commit: String = "new") -> JobComponent {
    let origin = Origin.warehouse(WarehouseName(unchecked: name))
    func freight(_ commit: String) -> JobFreight {
        var artifact = CommitArtifact(
            repoURL: "https://example.com/\(name).git",
            id: "\(name)-\(commit)"
        )
        artifact.message = "Change \(name)"
        var freight = Freight()
        freight.id = FreightID(unchecked: Digest.sha256(Array("\(name)-\(commit)".utf8)).hex)
        freight.origin = origin
        freight.artifacts = [Artifact(commit: artifact)]
        return JobFreight(freight: freight, alias: "\(name)-alias", artifacts: freight.artifacts)
    }
    let to = kind == .removed ? nil : freight(kind == .unchanged ? "old" : commit)
    let from = kind == .added ? nil : freight("old")
    return JobComponent(
        change: ComponentChange(
            origin: origin,
            from: from?.freight.id,
            to: to?.freight.id,
            kind: kind
        ),
        from: from,
        to: to
    )
}

/// A running promotion of the stage prod, planned as the model plans.
func job(
    _ steps: [StepTemplate],
    components: [JobComponent] = [],
    vars: [(String, String)] = [],
    templateVars: [(String, String)] = [],
    kind: PromotionKind = .manual,
    gitClient: GitClient? = nil
) -> PromotionJob {
    var promotion = Promotion()
    promotion.name = PromotionName(unchecked: "prod.01k.abcdef1")
    promotion.stage = StageName(unchecked: "prod")
    promotion.kind = kind
    promotion.actor = "anna"
    promotion.steps = steps
    promotion.vars = vars.map { Variable(name: $0.0, value: $0.1) }
    promotion.templateVars = templateVars.map { Variable(name: $0.0, value: $0.1) }
    var state = PromotionState()
    state.phase = .running
    state.attempt = 1
    state.changes = components.map(\.change)
    state.collection = collection(of: components, by: promotion.name)
    for (index, template) in steps.enumerated() {
        let alias = template.alias ?? "step-\(index + 1)"
        let origins: [Origin?] =
            switch template.forEach {
            case nil: [nil]
            case .changed?: state.changes.filter(\.kind.countsAsChanged).map(\.origin)
            case .components?: state.changes.map(\.origin)
            }
        for origin in origins {
            var planned = PlannedStep()
            planned.template = UInt64(index)
            planned.alias = origin.map { "\(alias)[\($0)]" } ?? alias
            planned.uses = template.uses
            planned.component = origin
            state.plan.append(planned)
        }
    }
    return PromotionJob(
        project: ProjectName(unchecked: "shop"),
        promotion: promotion,
        state: state,
        steps: Array(repeating: nil, count: state.plan.count),
        components: components,
        freight: components.compactMap(\.to),
        firstStepStartedAt: nil,
        anchor: LogAnchor(
            ledger: LedgerID(text: "0f6b2c1e"),
            size: 41,
            root: .sha256([])
        ),
        gitClient: gitClient
    )
}

/// What the stage runs once the promotion succeeded.
private func collection(
    of components: [JobComponent],
    by promotion: PromotionName
) -> FreightCollection {
    FreightCollection(
        components.compactMap { component in
            component.to.map { freight in
                Component(
                    origin: component.change.origin,
                    freight: freight.freight.id,
                    requestedOrigin: component.change.origin,
                    carrier: freight.freight.id,
                    promotion: promotion
                )
            }
        }
    )
}
