import ConformanceSupport
import EventLog
import Expressions
import PromotionModel
import Testing

@Suite struct AutoPromotionPolicyConformance {
    private static let hold = "kargo.akuity.io/auto-promotion-hold"
    private static let resume = "kargo.akuity.io/auto-promotion-resume"

    private let differences = [
        Difference(
            file: "auto-promotion-policy.json",
            operation: "candidates",
            reason: "A stage runs one piece of freight of an origin, so with `MatchUpstream` there "
                + "is never more than one to choose from.",
            where: { row in
                row.input.elements("requestedFreight").contains { request in
                    Self.matchesUpstream(request)
                        && Self.available(for: request, row.input).count > 1
                }
            },
            promise: { _, said in said == nil }
        )
    ]

    @Test func `the first policy that matches decides, and the newest freight is taken`() throws {
        let file = try ConformanceFile("auto-promotion-policy.json")
        let disagreements = file.run(
            differences: differences,
            comparing: { $0.withoutBlanks.isSame(as: $1.withoutBlanks) },
            answer: { row in
                switch row.operation {
                case "find-policy": return try policy(row.input)
                case "auto-promotion-enabled":
                    return try policy(row.input)["autoPromotionEnabled"] ?? false
                case "candidates": return try candidates(row.input)
                case "mark-hold": return try annotations(row.input, holding: true)
                case "mark-resume": return try annotations(row.input, holding: false)
                default: throw row.isUnknown
                }
            }
        )
        #expect(disagreements == [])
    }

    // MARK: - Policies

    private func policy(_ input: Value) throws -> Value {
        let stage = input["stage"] ?? .null
        var spec = StageSpec()
        spec.labels = variables(stage, "labels")
        let policies = input.elements("promotionPolicies").map(promotionPolicy)
        let name = StageName(unchecked: stage.text("name"))
        let index = try AutoPromotionRule.firstMatch(for: name, spec: spec, in: policies)
        let isEnabled = index.map { policies[$0].autoPromotionEnabled } ?? false
        let answer = AutoPromotionRule.isEnabled(name, spec: spec, policies: policies)
        guard answer == isEnabled else { throw UnreadableCase("two answers to one question") }
        guard let index else { return .null }
        return ["index": .int(Int64(index)), "autoPromotionEnabled": .bool(isEnabled)]
    }

    private func promotionPolicy(_ value: Value) -> PromotionPolicy {
        var policy = PromotionPolicy()
        let selector = value["stageSelector"] ?? .null
        let pattern = selector.isNull ? value.text("stage") : selector.text("name")
        policy.stagePattern = pattern.isEmpty ? nil : pattern
        policy.matchLabels = variables(selector, "matchLabels")
        policy.matchExpressions = selector.elements("matchExpressions").map { element in
            let operations: [String: LabelOperation] = [
                "In": .isIn, "NotIn": .notIn, "Exists": .exists, "DoesNotExist": .doesNotExist,
            ]
            var expression = LabelExpression()
            expression.key = element.text("key")
            expression.operation = operations[element.text("operator")] ?? .exists
            expression.values = element.elements("values").compactMap(\.stringValue)
            return expression
        }
        policy.autoPromotionEnabled = value.flag("autoPromotionEnabled")
        return policy
    }

    private func variables(_ value: Value, _ name: String) -> [Variable] {
        value.members(name).map { Variable(name: $0.key, value: $0.value.stringValue ?? "") }
    }

    // MARK: - Candidates

    private static func matchesUpstream(_ request: Value) -> Bool {
        request["sources"]?["autoPromotionOptions"]?.text("selectionPolicy") == "MatchUpstream"
    }

    private static func available(for request: Value, _ input: Value) -> [Value] {
        input.elements("available").filter { $0["origin"]?.origin == request["origin"]?.origin }
    }

    /// The freight that automation would take, where exactly the listed freight is available.
    private func candidates(_ input: Value) throws -> Value {
        var ledger = CaseLedger()
        let requests = try input.elements("requestedFreight").map { try $0.requestedFreight() }
        for stage in Set(requests.flatMap(\.stages)) { ledger.add(stage, requests: requests) }
        for piece in try inOrder(input.elements("available")) {
            let id = FreightID(unchecked: piece.text("name"))
            let origin = (piece["origin"] ?? .null).origin
            ledger.add(id, of: origin)
            guard let request = requests.first(where: { $0.origin == origin }) else { continue }
            for stage in request.stages {
                let running =
                    ledger.facts.stageState(stage, in: ledger.project).current?.components ?? []
                let others = running.filter { $0.origin != origin }
                if request.selection == .matchUpstream, others.count < running.count {
                    throw TwoOfOneOrigin()
                }
                let promotion = PromotionName(unchecked: "\(stage)-\(id)")
                let collection = FreightCollection(others + [Component(id, of: origin)])
                try ledger.promote(collection, by: promotion, in: stage)
                try ledger.judge(promotion, in: stage)
            }
        }
        var chosen: [String: Value] = [:]
        // Whatever must soak has done so by then.
        let now = Timestamp(rawValue: .max)
        let rule = CandidateRule(facts: ledger.facts, project: ledger.project, now: now)
        for request in requests {
            let candidate = try rule.candidate(
                for: request,
                of: .stage(StageName(unchecked: "fake-stage")),
                selection: request.selection
            )
            guard let freight = candidate.freight else { continue }
            chosen[request.origin.rawValue] = .string(freight.id.rawValue)
        }
        return .object(chosen)
    }

    /// A stage never runs two pieces of freight of one origin.
    private struct TwoOfOneOrigin: Error {}

    /// Freight in the order in which it was found; what was found at one time, by its name.
    private func inOrder(_ freight: [Value]) throws -> [Value] {
        try freight.map { piece in
            let time = try piece.time("discoveredAt") ?? piece.time("creationTimestamp")
            return (time: time ?? Timestamp(rawValue: .min), piece: piece)
        }.sorted { left, right in
            (left.time, left.piece.text("name")) < (right.time, right.piece.text("name"))
        }.map(\.piece)
    }

    // MARK: - Holds

    /// A promotion's annotations, after it held an origin or let automation go on for it.
    ///
    /// What Kargo notes on the promotion is here one fact about the stage: an origin is held, or it
    /// is not, so one annotation replaces the other.
    private func annotations(_ input: Value, holding: Bool) throws -> Value {
        var ledger = CaseLedger()
        let stage = StageName(unchecked: "fake-stage")
        let promotion = PromotionName(unchecked: "fake-promotion")
        let origin = (input["origin"] ?? .null).origin
        func hold(_ origin: Origin) throws {
            var event = AutoPromotionHeld()
            event.stage = stage
            event.origin = origin
            event.promotion = promotion
            try ledger.record(.autoPromotionHeld(event))
        }
        var annotations = input.members("annotations")
        if let held = annotations[Self.hold]?.stringValue { try hold(Origin(unchecked: held)) }
        if holding {
            try hold(origin)
        } else {
            var event = AutoPromotionResumed()
            event.stage = stage
            event.origin = origin
            event.promotion = promotion
            try ledger.record(.autoPromotionResumed(event))
        }
        let holds = ledger.facts.stageState(stage, in: ledger.project).holds
        let isHeld = holds.contains { $0.origin == origin && $0.promotion == promotion }
        annotations[Self.hold] = isHeld ? .string(origin.rawValue) : nil
        annotations[Self.resume] = isHeld ? nil : .string(origin.rawValue)
        return .object(annotations)
    }
}
