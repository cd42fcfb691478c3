import Expressions
package import PromotionModel

extension Shape {
    /// A verification that has no result yet.
    static func openVerification(_ open: OpenVerification) -> Value {
        object([
            ("promotion", .string(open.promotion.rawValue)),
            ("collection", .string(open.collection.rawValue)), ("since", time(open.since)),
            ("position", number(open.position)), ("templates", names(open.templates)),
            ("steps", open.steps.isEmpty ? .null : names(open.steps.map(\.uses))),
        ])
    }

    /// The last result about what a promotion made a stage run.
    static func verification(_ record: VerificationRecord) -> Value {
        object([
            ("result", .string("\(record.result)")), ("at", time(record.at)),
            ("position", number(record.position)),
            ("implicit", record.implicit ? true : .null),
            ("assumed", record.assumed ? true : .null),
            ("actor", record.isUnseen ? .null : .string(record.actor)),
            ("evidence", text(record.evidence)), ("message", text(record.message)),
            ("reason", text(record.reason)),
            ("steps", record.steps.isEmpty ? .null : .array(record.steps.map(verificationStep))),
        ])
    }

    private static func verificationStep(_ step: VerificationStep) -> Value {
        object([
            ("alias", .string(step.alias)), ("uses", .string(step.uses)),
            ("status", .string("\(step.status)")), ("message", text(step.message)),
        ])
    }

    /// How healthy a stage is, as somebody said.
    static func health(_ state: StageState) -> Value {
        object([
            ("health", .string(state.health.word)), ("since", time(state.healthSince)),
            ("message", text(state.healthMessage)),
        ])
    }
}

extension Health {
    /// Kargo's word for it.
    package var word: String {
        switch self {
        case .healthy: "Healthy"
        case .notApplicable: "NotApplicable"
        case .unknown: "Unknown"
        case .progressing: "Progressing"
        case .unhealthy: "Unhealthy"
        }
    }
}
