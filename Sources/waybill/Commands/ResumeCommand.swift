import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let automation go on where a choice by hand held it.",
        discussion: "For example: waybill resume stage/uat --origin Warehouse/payments"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The stage, such as stage/uat.")
    var subject: String

    @Option(help: "This origin only.")
    var origin: String?

    func run() async throws {
        let stage = try Names.stage(subject)
        let session = try Session(options, change)
        let command = ResumeAutomation(
            project: try session.project(),
            stage: stage,
            origin: try origin.map(Names.origin)
        )
        try await session.execute(.resumeAutomation(command), change, quiet: "Nothing is held.") {
            _,
            events in
            Narrator.tell(events)
        }
    }
}
