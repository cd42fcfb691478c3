import ArgumentParser
import Requests

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let automation go on where a choice by hand held it.",
        discussion: """
            Ends holds, of one --origin or of all: automation promotes to the stage, or fills \
            the slots, again.

            For example: waybill resume stage/uat --origin Warehouse/payments
            or: waybill resume junction/release
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

    private var asked: ResumptionChange {
        var asked = ResumptionChange()
        asked.subject = subject
        asked.origin = origin
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
