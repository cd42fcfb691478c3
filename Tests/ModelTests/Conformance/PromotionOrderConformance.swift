import ConformanceSupport
import Expressions
import PromotionModel
import Testing

@Suite struct PromotionOrderConformance {
    @Test func `what runs goes first, then what waits, then what has ended, newest first`() throws {
        let disagreements = try ConformanceFile("promotion-order.json").run { row in
            let left = row.input["a"] ?? .null
            let right = row.input["b"] ?? .null
            switch row.operation {
            case "compare-promotions": return compare(place(left), place(right))
            case "compare-phases": return compare(phase(left).rank, phase(right).rank)
            case "current-step-running": return .bool(try isCurrentStepRunning(row.input))
            case "sort":
                let places = row.input.elements("promotions").map(place)
                return .array(places.sorted().map { .string($0.name.rawValue) })
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    private func compare<Place: Comparable>(_ left: Place, _ right: Place) -> Value {
        left < right ? -1 : right < left ? 1 : 0
    }

    /// Kargo knows no kinds of promotions: here all are made by hand.
    private func place(_ promotion: Value) -> PromotionPlace {
        PromotionPlace(
            name: PromotionName(unchecked: promotion.text("name")),
            phase: phase(promotion["phase"]),
            kind: .manual
        )
    }

    /// A promotion that says no phase, or one that we do not know, has not ended.
    private func phase(_ value: Value?) -> PromotionPhase {
        switch value?.stringValue {
        case "Running": .running
        case "Succeeded": .succeeded
        case "Failed": .failed
        case "Errored": .errored
        case "Aborted": .aborted
        default: .pending
        }
    }

    private func isCurrentStepRunning(_ input: Value) throws -> Bool {
        var state = PromotionState()
        state.phase = phase(input["phase"])
        state.attempt = 1
        state.currentStep = UInt64(input["currentStep"]?.intValue ?? 0)
        let steps = try input.elements("steps").map { step in
            var record = StepRecord()
            record.attempt = 1
            record.status = try (step["status"] ?? .null).stepStatus()
            return record
        }
        return state.isCurrentStepRunning(steps)
    }
}
