import EventLog
import Expressions
import Ledger
package import PromotionModel

/// The end of a promotion that waits or runs: `waybill abort`.
package struct AbortChange: Change {
    package var promotion = ""

    package init() {}

    package var place: RequestPlace { .ofProject("abort") }

    package static let fields: [RequestField<AbortChange>] = [
        .text("promotion", \.promotion, "The promotion's name.")
    ]

    package func command(_ desk: Desk) throws -> Command {
        let name = try Names.promotion(promotion)
        return .abortPromotion(AbortPromotion(project: try desk.project(), promotion: name))
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Nothing to abort.")
    }
}

/// What the step of a promotion waits for: `waybill answer`.
package struct InputChange: Change {
    package var promotion = ""
    package var answer = ""
    package var json = false
    package var step: Int?

    package init() {}

    package var place: RequestPlace { .ofProject("answer") }

    package static let fields: [RequestField<InputChange>] = [
        .text("promotion", \.promotion, "The promotion's name."),
        .text("answer", \.answer, "The answer, as text."),
        .flag("json", \.json, "The answer is JSON, not text."),
        .number(
            "step",
            \.step,
            0...Int64(Int32.max),
            "The index of the step that it is meant for; refused where another waits by now."
        ),
    ]

    package func command(_ desk: Desk) throws -> Command {
        let name = try Names.promotion(promotion)
        return .giveInput(
            GiveInput(
                project: try desk.project(),
                promotion: name,
                step: step.map { UInt64($0) },
                value: try value()
            )
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Promotion \(try Names.promotion(promotion)) was given that already.")
    }

    private func value() throws -> Value {
        guard json else { return .string(answer) }
        do throws(ExpressionError) {
            return try Value(json: answer)
        } catch {
            throw CommandFailure.usage("the answer is no JSON: \(error)")
        }
    }
}

/// Automation that goes on where a choice by hand held it: `waybill resume`.
package struct ResumptionChange: Change {
    package var subject = ""
    package var origin: String?

    package init() {}

    package var place: RequestPlace { .ofProject("resume") }

    package static let fields: [RequestField<ResumptionChange>] = [
        .text(
            "subject",
            \.subject,
            "The stage or junction, such as stage/uat or junction/release."
        ),
        .text("origin", \.origin, "This origin only."),
    ]

    package func command(_ desk: Desk) throws -> Command {
        let consumer = try Names.stageOrJunction(subject)
        let project = try desk.project()
        let origin = try origin.map(Names.origin)
        return switch consumer {
        case .stage(let stage):
            .resumeAutomation(ResumeAutomation(project: project, stage: stage, origin: origin))
        case .junction(let junction):
            .resumeCollection(
                ResumeCollection(project: project, junction: junction, origin: origin)
            )
        }
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Nothing is held.")
    }
}
