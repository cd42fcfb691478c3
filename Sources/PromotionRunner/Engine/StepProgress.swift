import Expressions
import PromotionModel

/// What became of the steps so far.
struct StepProgress: Sendable {
    /// By index in the plan; nil for steps of which nothing is known.
    private var known: [(status: StepStatus, message: String?)?]
    /// By alias.
    private(set) var outputs: [String: Value] = [:]
    private let aliases: [StepAlias]
    /// By index in the plan: what the step gives is also the task's.
    private let givesToTask: [Bool]
    /// By index in the plan: a failure of it does not count.
    private let continuesOnError: [Bool]

    /// What is known from earlier, other attempts included.
    init(_ job: PromotionJob) {
        let plan = job.state.plan
        aliases = plan.map { StepAlias($0.alias) }
        givesToTask = plan.map { $0.uses == StepKind.composeOutput.rawValue }
        continuesOnError = plan.map { job.promotion.steps[Int($0.template)].continueOnError }
        known = plan.indices.map { index in
            guard job.steps.indices.contains(index), let record = job.steps[index] else {
                return nil
            }
            return (record.status, record.message)
        }
        for (index, record) in job.steps.enumerated() where index < plan.count {
            if let value = record?.outputs.value { keep(value, of: index) }
        }
    }

    /// The status of the step at `index`; nil if nothing is known of it.
    func status(at index: Int) -> StepStatus? { known[index]?.status }

    /// The status of a step before `index`, as it is called in the task of that one, or outside
    /// of tasks where that one is in none.
    func status(of name: String, before index: Int) -> StepStatus? {
        let task = index < aliases.count ? aliases[index].task : nil
        let place = aliases[..<index].lastIndex { $0.task == task && $0.name == name }
        return place.flatMap { known[$0]?.status }
    }

    /// What is known of the steps before `index`, by alias: `stepMetas`.
    func metadata(before index: Int) -> Value {
        var all: [String: Value] = [:]
        for (place, alias) in aliases[..<index].enumerated() {
            guard let step = known[place] else { continue }
            var members: [String: Value] = [
                "alias": .string(alias.text), "status": .string(step.status.name),
            ]
            if let message = step.message { members["message"] = .string(message) }
            if continuesOnError[place] { members["continueOnError"] = true }
            all[alias.text] = .object(members)
        }
        return .object(all)
    }

    /// The outputs of the steps of the task that the step at `index` is in, by their names in it;
    /// nil where it is in none.
    func taskOutputs(at index: Int) -> Value? {
        guard let task = aliases[index].task else { return nil }
        var found: [String: Value] = [:]
        for (text, value) in outputs {
            let alias = StepAlias(text)
            if alias.task == task { found[alias.name] = value }
        }
        return .object(found)
    }

    /// Whether a step before `index` failed whose failure counts.
    func hasFailed(before index: Int) -> Bool {
        let earlier = known.indices[..<index].compactMap { place in
            known[place].map {
                StepOutcome(status: $0.status, continueOnError: continuesOnError[place])
            }
        }
        // Nor is anything performed behind a step that was aborted.
        return earlier.hasFailures || earlier.worst?.status == .aborted
    }

    /// Notes how a step ended.
    mutating func finish(_ index: Int, _ result: StepResult) {
        known[index] = (result.status, result.message)
        keep(.object(result.outputs), of: index)
    }

    /// Puts outputs that the ledger has only hidden in the place of those that it has.
    mutating func restore(_ hidden: [String: Value], _ secrets: SecretUse) {
        for (index, alias) in aliases.enumerated() {
            guard let real = hidden[alias.text], let shown = outputs[alias.text] else { continue }
            Self.taint(real, where: shown, secrets)
            keep(real, of: index)
        }
    }

    /// Hides from now on what is shown otherwise than it is.
    private static func taint(_ real: Value, where shown: Value, _ secrets: SecretUse) {
        switch (real, shown) {
        case (.object(let members), .object(let others)):
            for (name, member) in members { taint(member, where: others[name] ?? .null, secrets) }
        case (.array(let elements), .array(let others)):
            for (index, element) in elements.enumerated() {
                taint(element, where: index < others.count ? others[index] : .null, secrets)
            }
        default: if real != shown { secrets.taint(real) }
        }
    }

    /// Notes what a step gave, performed for the first time or again.
    mutating func keep(_ outputs: Value, of index: Int) {
        guard ![.null, .object([:])].contains(outputs) else { return }
        let alias = aliases[index]
        self.outputs[alias.text] = outputs
        guard givesToTask[index], let task = alias.task, case .object(let members) = outputs else {
            return
        }
        let earlier = self.outputs[task]?.objectValue ?? [:]
        self.outputs[task] = .object(earlier.merging(members) { _, new in new })
    }
}

/// What a step is called: in a task `<task>::<name>`.
struct StepAlias: Hashable, Sendable {
    let text: String
    /// The alias of the task; nil for a step in none.
    let task: String?
    /// Within the task.
    let name: String

    init(_ text: String) {
        self.text = text
        let parts = text.split(separator: "::", omittingEmptySubsequences: false)
        let isInTask = parts.count == 2 && !parts[0].isEmpty
        task = isInTask ? String(parts[0]) : nil
        name = isInTask ? String(parts[1]) : text
    }
}

extension StepStatus {
    /// Kargo's word for it.
    var name: String {
        switch self {
        case .succeeded: "Succeeded"
        case .skipped: "Skipped"
        case .running: "Running"
        case .aborted: "Aborted"
        case .failed: "Failed"
        case .errored: "Errored"
        }
    }
}
