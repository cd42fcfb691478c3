import ArgumentParser
import EventLog
import Ledger
import LedgerAPI
import PromotionModel

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Say how a verification ended, or how healthy a stage is.",
        discussion: """
            A result is about what a promotion made its stage run, or a collection;
            without either, about the one verification that is open. A later 'failed'
            withdraws what had passed.
            For example: waybill report --result passed --evidence RUN-1207
            or: waybill report --collection 3f9a11c --stage uat --result failed
            or: waybill report --stage prod --health Unhealthy --message 'no disk'
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Option(help: "The promotion whose outcome was verified.", completion: Completions.promotions)
    var promotion: String?

    @Option(help: "The collection that was verified, by at least six digits of its id.")
    var collection: String?

    @Option(help: "The stage that ran it, or that is so healthy.", completion: Completions.stages)
    var stage: String?

    @Option(help: "passed, failed, errored or inconclusive.")
    var result: ReportedResult?

    @Option(help: "Where the evidence is, such as the address of a test report.")
    var evidence: String?

    @Option(help: "Healthy, Progressing, Unhealthy, Unknown or NotApplicable.")
    var health: Health?

    @Option(help: "What was found, in a sentence.")
    var message: String?

    func validate() throws {
        guard (result == nil) != (health == nil) else {
            throw ValidationError("Say how a verification ended with --result, or --health.")
        }
        if health != nil {
            guard stage != nil, promotion == nil, collection == nil, evidence == nil else {
                throw ValidationError("With --health, say --stage STAGE and perhaps --message.")
            }
        }
        if promotion != nil, collection != nil || stage != nil {
            throw ValidationError("A promotion has one stage and collection: give one of them.")
        }
    }

    func run() async throws {
        let stage = try stage.map(Names.stage)
        let name = try promotion.map(Names.promotion)
        let session = try Session(options, change)
        let project = try session.project()
        if let health, let stage {
            let command = ReportHealth(
                project: project,
                stage: stage,
                health: health,
                message: message
            )
            return try await report(
                .reportHealth(command),
                quiet: "Stage \(stage) is \(health.word) already.",
                session
            )
        }
        guard let result else { preconditionFailure("validated above") }
        let command = ReportVerification(
            project: project,
            target: target(name, stage),
            result: result,
            evidence: evidence,
            message: message
        )
        try await report(
            .reportVerification(command),
            quiet: "The result was reported before, with the same evidence.",
            session
        )
    }

    private func target(_ name: PromotionName?, _ stage: StageName?) -> VerificationTarget {
        if let name { return .promotion(name) }
        guard let collection else { return .open(in: stage) }
        let prefix =
            collection.hasPrefix("collection/") ? collection.dropFirst(11) : collection[...]
        return .collection(String(prefix), in: stage)
    }

    private func report(
        _ command: Command,
        quiet: String,
        _ session: Session
    ) async throws {
        try await session.execute(command, change, quiet: quiet) { _, events in
            Narrator.tell(events)
        }
    }
}

extension ReportedResult: ExpressibleByArgument {}

extension Health: ExpressibleByArgument {
    init?(argument: String) {
        guard let health = Health.allCases.first(where: { $0.word == argument }) else {
            return nil
        }
        self = health
    }

    static var allValueStrings: [String] { allCases.map(\.word) }
}

extension VerificationResult {
    /// How a person says it.
    var word: String {
        switch self {
        case .successful: "passed"
        case .failed: "failed"
        case .errored: "errored"
        case .aborted: "aborted"
        case .inconclusive: "inconclusive"
        }
    }
}

extension VerificationFinished {
    /// What somebody who watches is told; nil for what is verified by running.
    var line: String? {
        if implicit { return nil }
        let end = assumed ? "assumed to have passed" : result.word
        let message = message.map { ": \($0)" } ?? ""
        return "\(promotion) in stage/\(stage): verification \(end)\(message)"
    }
}
