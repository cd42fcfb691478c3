import Expressions
import PromotionModel

/// What became of the steps so far.
struct StepProgress: Sendable {
    /// By index in the plan; nil for steps of which nothing is known.
    private var statuses: [StepStatus?]
    /// By alias.
    private(set) var outputs: [String: Value] = [:]
    private let aliases: [String]
    /// By index in the plan: a failure of it does not count.
    private let continuesOnError: [Bool]

    /// What is known from earlier, other attempts included.
    init(_ job: PromotionJob) {
        let plan = job.state.plan
        aliases = plan.map(\.alias)
        continuesOnError = plan.map { job.promotion.steps[Int($0.template)].continueOnError }
        statuses = plan.indices.map { job.steps.indices.contains($0) ? job.steps[$0]?.status : nil }
        for (index, record) in job.steps.enumerated() where index < plan.count {
            if let value = record?.outputs.value, value != .null { outputs[aliases[index]] = value }
        }
    }

    /// The status of the step at `index`; nil if nothing is known of it.
    func status(at index: Int) -> StepStatus? { statuses[index] }

    /// The status of the step with an alias, before `index`.
    func status(of alias: String, before index: Int) -> StepStatus? {
        aliases[..<index].lastIndex(of: alias).flatMap { statuses[$0] }
    }

    /// Whether a step before `index` failed whose failure counts.
    func hasFailed(before index: Int) -> Bool {
        let earlier = statuses.indices[..<index].compactMap { place in
            statuses[place].map {
                StepOutcome(status: $0, continueOnError: continuesOnError[place])
            }
        }
        // Nor is anything performed behind a step that was aborted.
        return earlier.hasFailures || earlier.worst?.status == .aborted
    }

    /// Notes how a step ended.
    mutating func finish(_ index: Int, status: StepStatus, outputs: [String: Value]) {
        statuses[index] = status
        keep(outputs, of: index)
    }

    /// Notes what a step gave, performed for the first time or again.
    mutating func keep(_ outputs: [String: Value], of index: Int) {
        if !outputs.isEmpty { self.outputs[aliases[index]] = .object(outputs) }
    }
}
