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
                + "SHA-1 over the names of the freight alone.",
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
                    return verifications(input.elements("stack")).current.map {
                        written($0, in: input.elements("stack"))
                    } ?? .null
                case "verification-put": return try verify(input)
                case "has-analysis-run":
                    let info = input["info"] ?? .null
                    return .bool(!info.isNull && record(info).evidence != nil)
                case "has-non-terminal-verification":
                    let phases = input.elements("phases")
                    return .bool(
                        verifications(phases.map { ["phase": $0] }).hasUnfinished
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
                return Component(
                    origin: origin,
                    freight: freight,
                    requestedOrigin: origin,
                    carrier: freight,
                    promotion: PromotionName(unchecked: "")
                )
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
            var started = PromotionStarted()
            started.promotion = promotion
            started.stage = stage
            started.collection = collection(entry)
            try ledger.record(.promotionStarted(started))
            var succeeded = PromotionSucceeded()
            succeeded.promotion = promotion
            succeeded.stage = stage
            succeeded.collection = started.collection.id
            try ledger.record(.promotionSucceeded(succeeded))
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

    private func verifications(_ stack: [Value]) -> VerificationHistory {
        VerificationHistory(stack.map(record))
    }

    private func record(_ info: Value) -> VerificationRecord {
        let run = info["analysisRun"] ?? .null
        return VerificationRecord(
            id: info.text("id"),
            phase: phase(info.text("phase")),
            evidence: run.isNull ? nil : "AnalysisRun \(run.text("namespace"))/\(run.text("name"))"
        )
    }

    /// A verification that says no phase, or one that we do not know, has not ended.
    private func phase(_ word: String) -> VerificationPhase {
        switch word {
        case "Running": .running
        case "Successful": .finished(.successful)
        case "Failed": .finished(.failed)
        case "Error": .finished(.errored)
        case "Aborted": .finished(.aborted)
        case "Inconclusive": .finished(.inconclusive)
        default: .pending
        }
    }

    /// A verification in the form of the file: the last that `told` says of the same id and phase.
    private func written(_ record: VerificationRecord, in told: [Value]) -> Value {
        told.last { self.record($0) == record } ?? .null
    }

    private func verify(_ input: Value) throws -> Value {
        var history = verifications(input.elements("stack"))
        history.put(input.elements("put").map(record))
        let told = input.elements("stack") + input.elements("put")
        return .array(history.records.map { written($0, in: told) })
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
        return answer != .unavailable([.originNotRequested(freight.origin)])
    }
}
