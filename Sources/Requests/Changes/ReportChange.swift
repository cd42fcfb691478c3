import EventLog
import Ledger
package import PromotionModel
import LedgerAPI

/// How a verification ended, or how a stage does: `waybill report`.
package struct ReportChange: Change {
    package var promotion: String?
    package var collection: String?
    package var stage: String?
    package var result: String?
    package var evidence: String?
    package var health: String?
    package var message: String?

    package init() {}

    package var place: RequestPlace { .ofProject("report") }

    package static let fields: [RequestField<ReportChange>] = [
        .text("promotion", \.promotion, "The promotion whose outcome was verified."),
        .text(
            "collection",
            \.collection,
            "The collection that was verified, by at least six digits of its id."
        ),
        .text("stage", \.stage, "The stage that ran it, or that is so healthy."),
        .text(
            "result",
            \.result,
            "How the verification ended.",
            among: ReportedResult.allCases.map(\.rawValue)
        ),
        .text(
            "evidence",
            \.evidence,
            "Where the evidence is, such as a test report's address, without user and password."
        ),
        .text("health", \.health, "How the stage does.", among: Health.allCases.map(\.word)),
        .text("message", \.message, "What was found, at most 4096 bytes."),
    ]

    package var contradiction: String? {
        if (result == nil) == (health == nil) {
            return "Say how a verification ended with --result, or --health."
        }
        if health != nil,
            stage == nil || promotion != nil || collection != nil || evidence != nil
        {
            return "With --health, say --stage STAGE and perhaps --message."
        }
        if promotion != nil, collection != nil || stage != nil {
            return "A promotion has one stage and collection: give one of them."
        }
        return nil
    }

    private var saidHealth: Health? { Health.allCases.first { $0.word == health } }

    package func command(_ desk: Desk) throws -> Command {
        let stage = try stage.map(Names.stage)
        let name = try promotion.map(Names.promotion)
        let project = try desk.project()
        if let health = saidHealth, let stage {
            return .reportHealth(
                ReportHealth(project: project, stage: stage, health: health, message: message)
            )
        }
        guard let result = result.flatMap({ ReportedResult(rawValue: $0) }) else {
            preconditionFailure("a report has a result or a health")
        }
        return .reportVerification(
            ReportVerification(
                project: project,
                target: target(name, stage),
                result: result,
                evidence: evidence,
                message: message
            )
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        if let health = saidHealth, let stage {
            return Quiet(sentence: "Stage \(try Names.stage(stage)) is \(health.word) already.")
        }
        return Quiet(sentence: "The result was reported before, with the same evidence.")
    }

    private func target(_ name: PromotionName?, _ stage: StageName?) -> VerificationTarget {
        if let name { return .promotion(name) }
        guard let collection else { return .open(in: stage) }
        let prefix =
            collection.hasPrefix("collection/") ? collection.dropFirst(11) : collection[...]
        return .collection(String(prefix), in: stage)
    }
}
