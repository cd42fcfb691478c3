import ConformanceSupport
import Expressions
import PromotionModel
import Testing

@Suite struct StepPhaseConformance {
    @Test func `steps end a promotion as they end it in Kargo`() throws {
        let file = try ConformanceFile("step-phase.json")
        let disagreements = file.run(comparing: { $0.isSameDuration(as: $1) }) { row in
            let left = row.input["a"] ?? .null
            let right = row.input["b"] ?? .null
            switch row.operation {
            case "compare":
                let (one, two) = (try left.stepStatus(), try right.stepStatus())
                return one < two ? -1 : two < one ? 1 : 0
            case "has-failures": return .bool(try outcomes(row.input).hasFailures)
            case "final-phase": return .string(word(try outcomes(row.input).finalPhase))
            case "retry-timeout":
                let fallback = try row.input.durationMs("fallback") ?? 0
                return .duration(ms: try retry(row.input).timeoutMs(default: fallback))
            case "retry-threshold":
                let fallback = UInt64(row.input["fallback"]?.intValue ?? 0)
                return .int(Int64(try retry(row.input).errorThreshold(default: fallback)))
            case "health-merge":
                return .string(Self.word(max(try health(left), try health(right))))
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    private func outcomes(_ input: Value) throws -> [StepOutcome] {
        try input.elements("steps").map { step in
            StepOutcome(
                status: try (step["status"] ?? .null).stepStatus(),
                continueOnError: step.flag("continueOnError")
            )
        }
    }

    private func word(_ phase: PromotionPhase) -> String {
        switch phase {
        case .pending: "Pending"
        case .running: "Running"
        case .succeeded: "Succeeded"
        case .failed: "Failed"
        case .errored: "Errored"
        case .aborted: "Aborted"
        case .superseded: "Superseded"
        }
    }

    private func retry(_ input: Value) throws -> StepRetry? {
        guard let said = input["retry"], !said.isNull else { return nil }
        var retry = StepRetry()
        retry.errorThreshold = UInt64(said["errorThreshold"]?.intValue ?? 0)
        retry.timeoutMs = try said.durationMs("timeout")
        return retry
    }

    private func health(_ value: Value) throws -> Health {
        guard let health = Health.allCases.first(where: { Self.word($0) == value.stringValue })
        else { throw UnreadableCase("\(value.json) is no state of health") }
        return health
    }

    private static func word(_ health: Health) -> String {
        switch health {
        case .healthy: "Healthy"
        case .notApplicable: "NotApplicable"
        case .progressing: "Progressing"
        case .unknown: "Unknown"
        case .unhealthy: "Unhealthy"
        }
    }
}
