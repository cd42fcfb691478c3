import ArgumentParser
import PromotionModel
import Requests
import LedgerAPI

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Say how a verification ended, or how healthy a stage is.",
        discussion: """
            A result is about what a promotion made its stage run, or a collection; without \
            --promotion, --collection and --stage about the only verification that is open in \
            the project, and refused where there is none or more than one. errored: it could not \
            be found out. A later result about the same promotion counts instead; failed after \
            passed withdraws, see docs/MODEL.md#verification.

            Health is that of what the stage runs; it is shown until something else runs there.

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

    @Option(
        help: "Where the evidence is, such as a test report's address, without user and password."
    )
    var evidence: String?

    @Option(help: "Healthy, Progressing, Unhealthy, Unknown or NotApplicable.")
    var health: Health?

    @Option(help: "What was found, at most 4096 bytes.")
    var message: String?

    private var asked: ReportChange {
        var asked = ReportChange()
        asked.promotion = promotion
        asked.collection = collection
        asked.stage = stage
        asked.result = result?.rawValue
        asked.evidence = evidence
        asked.health = health?.word
        asked.message = message
        return asked
    }

    func validate() throws {
        if let sentence = asked.contradiction { throw ValidationError(sentence) }
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
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
