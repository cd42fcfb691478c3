import ConformanceSupport
import EventLog
import Expressions
import PromotionModel
import Testing

@Suite struct SoakConformance {
    @Test func `what freight has been through in a stage is kept as in Kargo`() throws {
        let file = try ConformanceFile("soak.json")
        let disagreements = file.run(
            comparing: { Self.normalized($0).isSameDuration(as: Self.normalized($1)) },
            answer: { row in
                let status = try FreightStatus(row.input["status"] ?? .null)
                let stage = StageName(unchecked: row.input.text("stage"))
                let now = try row.input.time("now") ?? .epoch
                let stay = status.stay(in: stage, since: .origin)
                switch row.operation {
                case "longest-soak": return .duration(ms: stay?.longestMs(at: now) ?? 0)
                case "has-soaked":
                    guard let requiredMs = try row.input.durationMs("required") else { return true }
                    // Freight that was never verified there has stayed for no time.
                    return .bool(stay?.hasSoaked(requiredMs, at: now) ?? (requiredMs <= 0))
                case "is-currently-in": return .bool(status.current.contains { $0.stage == stage })
                case "is-verified-in": return .bool(stay != nil)
                case "is-approved-for":
                    return .bool(status.approval(for: .stage(stage), since: .origin) != nil)
                default: return try happened(row, status, stage, now).value
                }
            }
        )
        #expect(disagreements == [])
    }

    private let freight = FreightID(unchecked: "fake-freight")
    private let origin = Origin.warehouse(WarehouseName(unchecked: "fake-warehouse"))

    /// The status of the freight after something happened to it in a stage.
    private func happened(
        _ row: ConformanceFile.Case,
        _ status: FreightStatus,
        _ stage: StageName,
        _ now: Timestamp
    ) throws -> FreightStatus {
        var ledger = CaseLedger()
        ledger.set([.project(ledger.project, Configured())])
        ledger.add(stage, requests: [RequestedFreight(origin: origin)])
        ledger.add(freight, of: origin, status: status)
        if status.current.contains(where: { $0.stage == stage }) {
            ledger.run(freight, of: origin, in: stage)
        }
        let present = FreightCollection([Component(freight, of: origin)])
        let promotion = PromotionName(unchecked: "fake-promotion")
        switch row.operation {
        case "enter": try ledger.promote(present, by: promotion, in: stage, at: now)
        case "leave": try ledger.promote(FreightCollection(), by: promotion, in: stage, at: now)
        case "verify":
            var state = PromotionState()
            state.collection = present
            var core = Promotion()
            core.name = promotion
            core.stage = stage
            ledger.set([
                .promotion(ledger.project, core),
                .promotionState(ledger.project, promotion, state),
            ])
            try ledger.judge(promotion, in: stage, at: now)
        case "approve":
            let command = ApproveFreight(
                project: ledger.project,
                freight: freight.rawValue,
                consumer: .stage(stage)
            )
            let verdict = try ledger.execute(.approveFreight(command), at: now)
            if case .refused(let refusal) = verdict { throw refusal }
        default: throw row.isUnknown
        }
        return ledger.facts.freightStatus(freight, in: ledger.project)
    }

    /// A status whose maps are there even if they are empty, with times and durations of one
    /// notation; a stay of no time says nothing.
    private static func normalized(_ value: Value) -> Value {
        guard case .object(let maps) = value else { return value }
        var normalized: [String: Value] = [:]
        for name in ["currentlyIn", "verifiedIn", "approvedFor"] {
            let stages = maps[name]?.objectValue ?? [:]
            normalized[name] = .object(
                stages.mapValues { mark in
                    let members = mark.objectValue ?? [:]
                    return .object(members.mapValues(Self.notation).filter { !$0.value.isNull })
                }
            )
        }
        return .object(normalized)
    }

    private static func notation(_ value: Value) -> Value {
        guard let text = value.stringValue else { return value }
        if let time = Timestamp(text: text) { return .string(time.text) }
        guard let duration = Value.durationMs(text) else { return value }
        return duration == 0 ? .null : .duration(ms: duration)
    }
}
