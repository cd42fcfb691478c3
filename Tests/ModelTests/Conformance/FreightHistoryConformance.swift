import ConformanceSupport
import EventLog
import Expressions
import PromotionModel
import Testing

@Suite struct FreightHistoryConformance {
    private let differences = [
        Difference(
            file: "freight-history.json",
            operation: "collection-put",
            reason: "The id of a combination is a SHA-256 over origins and freight; Kargo's is a "
                + "SHA-1 over the names of the freight alone",
            where: { $0.expect["id"] != nil },
            promise: { row, said in
                let id = said?.text("id") ?? ""
                return CollectionID(rawValue: id) != nil && id != row.expect.text("id")
                    && said?["items"]?.withoutBlanks == row.expect["items"]?.withoutBlanks
            }
        ),
        Difference(
            file: "freight-history.json",
            operation: "history-record",
            reason: retention,
            where: { $0.input.elements("history").count + added($0.input).count > keptByKargo },
            promise: isContinued
        ),
        Difference(
            file: "freight-history.json",
            operation: "verification-put",
            reason: retention,
            where: { row in
                let known = row.input.elements("stack").map { $0.text("id") }
                let added = row.input.elements("put").filter { !known.contains($0.text("id")) }
                return known.count + added.count > keptByKargo
            },
            promise: isContinued
        ),
        Difference(
            file: "freight-history.json",
            operation: "origin-parse",
            reason: "`Junction/NAME` is an origin, too.",
            where: { $0.input.text("text").hasPrefix("Junction/") && $0.expectsError }
        ),
        Difference(
            file: "freight-history.json",
            operation: "origin-parse",
            reason: "The name of an origin is a name as Kubernetes has it, or it is refused.",
            where: { row in
                let name = row.input.text("text").drop { $0 != "/" }.dropFirst()
                return !row.expectsError && !NameRule.isName(String(name))
            },
            promise: { _, said in said == nil }
        ),
    ]

    private static let retention =
        "What a stage ran and how it was verified is kept for ever; Kargo keeps the last ten."
    private static let keptByKargo = 10

    /// Whether our list begins as Kargo's, and goes on.
    private static let isContinued: @Sendable (ConformanceFile.Case, Value?) -> Bool = {
        row,
        said in
        let ours = said?.withoutBlanks.arrayValue ?? []
        let kept = row.expect.withoutBlanks.arrayValue ?? []
        return ours.starts(with: kept)
    }

    private let stage = StageName(unchecked: "fake-stage")

    @Test func `what a stage ran and how it was verified is told as in Kargo`() throws {
        let file = try ConformanceFile("freight-history.json")
        let disagreements = file.run(
            differences: differences,
            comparing: { $0.withoutBlanks.isSame(as: $1.withoutBlanks) },
            answer: { row in
                let input = row.input
                switch row.operation {
                case "collection-includes":
                    let collection = collection(input["collection"] ?? .null)
                    return .bool(collection.includes(FreightID(unchecked: input.text("freight"))))
                case "collection-put": return put(input, telling: row.expect)
                case "collection-references":
                    let references = input.members("items")
                    return .array(
                        collection(input).components.compactMap { references[$0.origin.rawValue] }
                    )
                case "history-current":
                    let ledger = try ledger(of: input.elements("history"))
                    let current = ledger.facts.stageState(stage, in: ledger.project).current
                    guard let current else { return .null }
                    let told = input.elements("history").first ?? .null
                    return written(current, as: told)
                case "history-record": return try record(input)
                case "verification-current":
                    let stack = try Verifications(input.elements("stack"), in: stage)
                    return stack.newestFirst.first ?? .null
                case "verification-put":
                    var stack = try Verifications(input.elements("stack"), in: stage)
                    try stack.put(input.elements("put"))
                    return .array(stack.newestFirst)
                case "has-analysis-run":
                    return .bool(try hasEvidence(input["info"] ?? .null))
                case "has-non-terminal-verification":
                    return .bool(
                        try input.elements("phases").contains { phase in
                            try Verifications([["phase": phase]], in: stage).isOpen
                        }
                    )
                case "requests-origin": return .bool(try requestsOrigin(input))
                case "origin-format":
                    guard let origin = input["origin"], !origin.isNull else { return "" }
                    return .string(origin.origin.rawValue)
                case "origin-parse":
                    guard let origin = Origin(rawValue: input.text("text")) else { return nil }
                    return ["kind": .string(origin.kind.rawValue), "name": .string(origin.name)]
                default: throw row.isUnknown
                }
            }
        )
        #expect(disagreements == [])
    }

    // MARK: - Combinations

    /// A combination whose `items` are freight by the text of their origin.
    private func collection(_ value: Value) -> FreightCollection {
        FreightCollection(
            value.members("items").map { origin, reference in
                let origin = Origin(unchecked: origin)
                let freight = FreightID(unchecked: reference.text("name"))
                return Component(freight, of: origin)
            }
        )
    }

    /// A combination in the form of the file, with what else `told` says of it.
    private func written(_ collection: FreightCollection, as told: Value) -> Value {
        var fields = told.objectValue ?? [:]
        let references = told.members("items")
        var items: [String: Value] = [:]
        for component in collection.components {
            let origin = component.origin.rawValue
            var reference = references[origin]?.objectValue ?? [:]
            reference["name"] = .string(component.freight.rawValue)
            items[origin] = .object(reference)
        }
        fields["items"] = .object(items)
        return .object(fields)
    }

    /// Puts freight into a combination, one piece after the other; with the id if it is asked for.
    private func put(_ input: Value, telling expect: Value) -> Value {
        var references = input.members("items")
        var current = collection(input)
        for reference in input.elements("put") {
            var freight = Freight()
            freight.id = FreightID(unchecked: reference.text("name"))
            freight.origin = (reference["origin"] ?? .null).origin
            references[freight.origin.rawValue] = reference
            let requests = current.components.map { RequestedFreight(origin: $0.origin) }
            current = current.putting(
                [freight],
                requests: requests + [RequestedFreight(origin: freight.origin)],
                by: PromotionName(unchecked: "")
            )
        }
        var answer = written(current, as: ["items": .object(references)]).objectValue ?? [:]
        if expect["id"] != nil { answer["id"] = .string(current.id.rawValue) }
        return .object(answer)
    }

    // MARK: - History

    /// A stage that ran `history`, newest first.
    private func ledger(of history: [Value]) throws -> CaseLedger {
        var ledger = CaseLedger()
        for (index, entry) in history.reversed().enumerated() {
            let promotion = PromotionName(unchecked: "fake-promotion-\(index)")
            try ledger.promote(collection(entry), by: promotion, in: stage)
        }
        return ledger
    }

    /// What is recorded: one combination, or several of them.
    private static func added(_ input: Value) -> [Value] {
        input["record"]?.arrayValue ?? [input["record"] ?? .null]
    }

    private func record(_ input: Value) throws -> Value {
        let told = Self.added(input) + input.elements("history")
        let ledger = try ledger(of: told)
        let entries = ledger.facts.collections(
            of: stage,
            in: ledger.project,
            before: Position(rawValue: .max),
            limit: .max
        )
        return .array(
            zip(entries, told).map { entry, told in
                let state = ledger.facts.promotionState(entry.promotion, in: ledger.project)
                return written(state.collection ?? FreightCollection(), as: told)
            }
        )
    }

    // MARK: - Verifications

    /// The verifications of a stage by promotion: here each promotion has one, and a later result
    /// about the same promotion takes its place.
    private struct Verifications {
        var ledger = CaseLedger()
        let stage: StageName
        /// What the case says of each promotion, the last of it.
        private(set) var told: [PromotionName: Value] = [:]

        init(_ stack: [Value], in stage: StageName) throws {
            self.stage = stage
            for (index, info) in stack.enumerated().reversed() {
                // Two may both say no id: then they are two all the same.
                let id = info.text("id")
                try put(info, PromotionName(unchecked: id.isEmpty ? "blank-\(index)" : id))
            }
        }

        /// Takes in several, newest first.
        mutating func put(_ infos: [Value]) throws {
            let blank = told.keys.filter { $0.rawValue.hasPrefix("blank-") }.min()
            for info in infos.reversed() {
                let id = info.text("id")
                let known = id.isEmpty ? blank : nil
                try put(info, known ?? PromotionName(unchecked: id))
            }
        }

        private mutating func put(_ info: Value, _ promotion: PromotionName) throws {
            if ledger.facts.promotion(promotion, in: ledger.project) == nil {
                var requested = PromotionRequested()
                requested.request.name = promotion
                requested.request.stage = stage
                try ledger.record(.promotionRequested(requested))
            }
            told[promotion] = info
            var started = VerificationStarted()
            started.stage = stage
            started.promotion = promotion
            try ledger.record(.verificationStarted(started))
            guard let result = FreightHistoryConformance.result(info.text("phase")) else { return }
            let run = info["analysisRun"] ?? .null
            let evidence = run.isNull ? nil : "AnalysisRun \(run.text("name"))"
            try ledger.judge(promotion, in: stage, result, evidence: evidence)
        }

        /// Every promotion of the stage with its verification, newest first, as the case tells of
        /// it; without those of which the ledger says otherwise.
        var newestFirst: [Value] {
            let entries = ledger.facts.promotions(
                of: stage,
                in: ledger.project,
                before: Position(rawValue: .max),
                limit: .max
            )
            return entries.compactMap { entry in
                let info = told[entry.promotion] ?? .null
                let result = FreightHistoryConformance.result(info.text("phase"))
                return self.result(of: entry.promotion) == result ? info : nil
            }
        }

        /// The result of the last verification of a promotion; nil while that goes on.
        private func result(of promotion: PromotionName) -> VerificationResult? {
            let open = ledger.facts.stageState(stage, in: ledger.project).verification
            guard open?.promotion != promotion else { return nil }
            return ledger.facts.promotionState(promotion, in: ledger.project).verification?.result
        }

        /// Whether one of them has no result.
        var isOpen: Bool { ledger.facts.stageState(stage, in: ledger.project).verification != nil }
    }

    /// The result that a phase stands for; nil for one in which there is no result.
    private static func result(_ phase: String) -> VerificationResult? {
        switch phase {
        case "Successful": .successful
        case "Failed": .failed
        case "Error": .errored
        case "Aborted": .aborted
        case "Inconclusive": .inconclusive
        default: nil
        }
    }

    private func hasEvidence(_ info: Value) throws -> Bool {
        guard !info.isNull else { return false }
        // What there is of it counts, whatever came of it.
        var members = info.objectValue ?? [:]
        members["id"] = "fake-id"
        members["phase"] = "Successful"
        let ledger = try Verifications([.object(members)], in: stage).ledger
        let promotion = PromotionName(unchecked: "fake-id")
        let state = ledger.facts.promotionState(promotion, in: ledger.project)
        return state.verification?.evidence != nil
    }

    // MARK: - Origins

    private func requestsOrigin(_ input: Value) throws -> Bool {
        var ledger = CaseLedger()
        let requests = (input["stage"] ?? .null).elements("requestedFreight")
        if input["stage"]?.isNull == false {
            ledger.add(stage, requests: try requests.map { try $0.requestedFreight() })
        }
        var freight = Freight()
        freight.origin = (input["origin"] ?? .null).origin
        let rule = AvailabilityRule(facts: ledger.facts, project: ledger.project, now: .epoch)
        let answer = try rule.availability(of: freight, to: .stage(stage))
        return answer != .unavailable([.originNotRequested(freight.origin, by: .stage(stage))])
    }
}
