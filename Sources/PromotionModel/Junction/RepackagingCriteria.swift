import EventLog
import Expressions

/// The expression that says whether automation repackages (`repackaging.criteria`).
///
/// It can name `components` (the change set from the junction's bundle to the next one),
/// `changed` (those of them that are not unchanged), `artifacts` (all of the next bundle),
/// `lastRepackaged` (a time as text, or null), and `secondsSince(time)`.
struct RepackagingCriteria {
    private let expression: Expression

    /// Parses the expression.
    init(_ source: String) throws(ExpressionError) {
        expression = try Expression(parsing: source)
    }

    /// Whether they hold, as Kargo reads conditions that stand alone.
    func hold(_ values: [String: Value], at now: Timestamp) throws(ExpressionError) -> Bool {
        try expression.holds(in: CriteriaEnvironment(values: values, now: now))
    }

    /// When they are to be judged again although nothing happened; nil unless time matters.
    func wakeAt(after now: Timestamp) -> Timestamp? {
        let asksTheTime = expression.references.contains {
            $0.isFunction && $0.name == CriteriaEnvironment.secondsSince
        }
        return asksTheTime ? now.adding(milliseconds: 60_000) : nil
    }
}

private struct CriteriaEnvironment: Environment {
    static let secondsSince = "secondsSince"

    let values: [String: Value]
    let now: Timestamp

    func variable(_ name: String) -> Value? { values[name] }

    func call(_ function: String, _ arguments: [Value]) throws(ExpressionError) -> Value? {
        guard function == Self.secondsSince else { return nil }
        guard arguments.count == 1, let text = arguments[0].stringValue,
            let time = Timestamp(text: text)
        else {
            throw ExpressionError("secondsSince() wants a time, such as lastRepackaged")
        }
        return .int(now.milliseconds(since: time) / 1000)
    }
}

extension Facts {
    /// What criteria can name about the next bundle of a junction.
    func criteriaValues(
        for leaves: [Constituent],
        of junction: JunctionName,
        _ state: JunctionState,
        in project: ProjectName
    ) throws(FactsFailure) -> [String: Value] {
        var before = FreightCollection()
        if let id = state.bundle, let bundle = try freight(id, in: project) {
            before = FreightCollection(bundle: bundle)
        }
        let next = FreightCollection(
            leaves: leaves,
            of: junction,
            id: FreightIdentity.id(of: leaves, junction: junction)
        )
        var components: [Value] = []
        var changed: [Value] = []
        var artifacts: [Value] = []
        for change in before.changes(to: next) {
            let component = JobComponent(
                change: change,
                from: try change.from.flatMap { id throws(FactsFailure) in
                    try jobFreight(id, in: project)
                },
                to: try change.to.flatMap { id throws(FactsFailure) in
                    try jobFreight(id, in: project)
                }
            )
            let value = FreightValues.component(component)
            components.append(value)
            if change.kind.countsAsChanged { changed.append(value) }
            artifacts += (component.to?.artifacts ?? []).map {
                FreightValues.artifact($0, of: change.origin)
            }
        }
        return [
            "components": .array(components),
            "changed": .array(changed),
            "artifacts": .array(artifacts),
            "lastRepackaged": state.bundle == nil ? .null : .string(state.bundleSince.text),
        ]
    }
}
