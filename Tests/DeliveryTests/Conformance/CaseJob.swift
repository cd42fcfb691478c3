import ConformanceSupport
import EventLog
import Expressions
import PromotionModel

/// A case about the expressions of a step as a promotion that stands at that step.
struct CaseJob {
    let job: PromotionJob
    /// The place of the step in the plan.
    let index: Int

    /// `alias` is the step's where the case has another one for other questions.
    init(_ row: ConformanceFile.Case, alias: Value? = nil) throws {
        try self.init(row.input, alias: alias)
    }

    /// The same of what a case says, or of what was made of that.
    init(_ input: Value, alias: Value? = nil) throws {
        let context = input["ctx"] ?? input
        let metadata = context["meta"]?["promotion"] ?? .null
        var promotion = Promotion()
        promotion.name = PromotionName(unchecked: context.text("promotion"))
        promotion.stage = StageName(unchecked: context.text("stage"))
        promotion.actor = metadata["actor"]?.stringValue ?? context.text("actor")
        let isRollback = [metadata["rollback"], context["rollback"]].contains(.bool(true))
        promotion.kind = isRollback ? .rollback : .manual
        promotion.vars = try Self.variables(input["promotionVars"] ?? input["vars"] ?? [])

        var template = step("no-such-step", input["config"] ?? .null)
        template.condition = input["if"]?.stringValue
        template.vars = try Self.variables(input["stepVars"] ?? [])

        let earlier = try Self.earlierSteps(input)
        promotion.steps = earlier.map(\.template) + [template]
        let own = alias ?? input["currentStepAlias"] ?? input["alias"]
        let aliases = earlier.map(\.alias) + [own?.stringValue ?? ""]
        let held = input.elements("freight").map(Self.freight)
        var freight = held
        let target = context["targetFreight"] ?? .null
        if !target.text("name").isEmpty {
            let alias = target["alias"]?.stringValue ?? context.text("targetFreightAlias")
            let origin = target["origin"]?.text("name") ?? ""
            let named = Self.freight(target.text("name"), of: "Warehouse/\(origin)", alias, [])
            promotion.freight = [named.freight.id]
            freight.append(named)
        }
        index = earlier.count
        job = PromotionJob(
            project: ProjectName(unchecked: context.text("project")),
            promotion: promotion,
            state: Self.state(aliases),
            steps: earlier.map(\.record) + [nil],
            components: held.map { freight in
                JobComponent(
                    change: ComponentChange(
                        origin: freight.freight.origin,
                        from: nil,
                        to: freight.freight.id,
                        kind: .added
                    ),
                    from: nil,
                    to: freight
                )
            },
            freight: freight,
            firstStepStartedAt: nil,
            anchor: LogAnchor(ledger: LedgerID(text: "0f6b2c1e"), size: 1, root: .sha256([]))
        )
    }

    private static func state(_ aliases: [String]) -> PromotionState {
        var state = PromotionState()
        state.phase = .running
        state.attempt = 1
        state.plan = aliases.enumerated().map { index, alias in
            var planned = PlannedStep()
            planned.template = UInt64(index)
            planned.alias = alias
            planned.uses = "no-such-step"
            return planned
        }
        return state
    }

    /// Named values: a list of names and texts, or an object of values that are known already.
    private static func variables(_ value: Value) throws -> [Variable] {
        if case .object(let members) = value {
            return members.sorted { $0.key < $1.key }.map { name, value in
                let text = value.stringValue ?? "${{ \(value.json) }}"
                return Variable(name: name, value: text)
            }
        }
        return try (value.arrayValue ?? []).map { variable in
            guard let name = variable["name"]?.stringValue else {
                throw UnreadableCase("\(variable.json) is no variable")
            }
            return Variable(name: name, value: variable.text("value"))
        }
    }

    private struct EarlierStep {
        let alias: String
        let template: StepTemplate
        let record: StepRecord
    }

    /// The steps that the case tells of, and those whose outputs it knows.
    private static func earlierSteps(_ input: Value) throws -> [EarlierStep] {
        let state =
            ["state", "outputs"].compactMap { input[$0]?.objectValue }
            + [input["taskOutputs"]?["state"]?.objectValue ?? [:]]
        var outputs = state.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        var steps = try input.elements("steps").enumerated().map { index, step in
            var template = StepTemplate()
            template.continueOnError = step["continueOnError"] == .bool(true)
            let alias = step["alias"]?.stringValue ?? "step-\(index + 1)"
            var record = StepRecord()
            record.status = try status(step.text("status"))
            record.outputs = ValueMessage(outputs.removeValue(forKey: alias) ?? .null)
            return EarlierStep(alias: alias, template: template, record: record)
        }
        for (alias, value) in outputs.sorted(by: { $0.key < $1.key }) {
            var record = StepRecord()
            record.status = .succeeded
            record.outputs = ValueMessage(value)
            steps.append(EarlierStep(alias: alias, template: StepTemplate(), record: record))
        }
        return steps
    }

    private static func status(_ word: String) throws -> StepStatus {
        switch word {
        case "Succeeded": .succeeded
        case "Skipped": .skipped
        case "Running", "": .running
        case "Aborted": .aborted
        case "Failed": .failed
        case "Errored": .errored
        default: throw UnreadableCase("\(word) is no status of a step")
        }
    }

    private static func freight(_ value: Value) -> JobFreight {
        let commits = value.elements("commits").map { commit in
            var artifact = CommitArtifact(repoURL: commit.text("repoURL"), id: commit.text("id"))
            artifact.branch = commit["branch"]?.stringValue
            artifact.tag = commit["tag"]?.stringValue
            artifact.message = commit["message"]?.stringValue
            artifact.author = commit["author"]?.stringValue
            artifact.committer = commit["committer"]?.stringValue
            return Artifact(commit: artifact)
        }
        let images = value.elements("images").map { image in
            var artifact = ImageArtifact()
            artifact.repoURL = image.text("repoURL")
            artifact.tag = image.text("tag")
            artifact.digest = image.text("digest")
            return Artifact(image: artifact)
        }
        let charts = value.elements("charts").map { chart in
            var artifact = ChartArtifact()
            artifact.repoURL = chart.text("repoURL")
            artifact.name = chart.text("name")
            artifact.version = chart.text("version")
            return Artifact(chart: artifact)
        }
        let origin = value["origin"] ?? .null
        let name = "\(origin.text("kind"))/\(origin.text("name"))"
        return freight(value.text("name"), of: name, "", commits + images + charts)
    }

    private static func freight(
        _ name: String,
        of origin: String,
        _ alias: String,
        _ artifacts: [Artifact]
    ) -> JobFreight {
        var freight = Freight()
        freight.id = FreightID(unchecked: name.isEmpty ? origin : name)
        freight.origin = Origin(rawValue: origin) ?? freight.origin
        freight.artifacts = artifacts
        return JobFreight(freight: freight, alias: alias, artifacts: artifacts)
    }
}
