import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let automation go on where a choice by hand held it.",
        discussion: """
            For example: waybill resume stage/uat --origin Warehouse/payments
            For example: waybill resume junction/release
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(
        help: "The stage or junction, such as stage/uat or junction/release.",
        completion: Completions.consumers
    )
    var subject: String

    @Option(help: "This origin only.", completion: Completions.origins)
    var origin: String?

    func run() async throws {
        let consumer = try Names.stageOrJunction(subject)
        let session = try Session(options, change)
        let project = try session.project()
        let origin = try origin.map(Names.origin)
        let command: Command =
            switch consumer {
            case .stage(let stage):
                .resumeAutomation(ResumeAutomation(project: project, stage: stage, origin: origin))
            case .junction(let junction):
                .resumeCollection(
                    ResumeCollection(project: project, junction: junction, origin: origin)
                )
            }
        try await session.execute(command, change, quiet: "Nothing is held.") { _, events in
            Narrator.tell(events)
        }
    }
}
