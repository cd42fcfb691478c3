import ArgumentParser
import Requests

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Let a stage or junction have freight that did not pass what stands before it.",
        discussion: """
            For example: waybill approve swift-otter --for stage/prod --reason "tested by hand"
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(
        help: "Freight, by alias or at least six digits of its id.",
        completion: Completions.freight
    )
    var freight: String

    @Option(help: "The stage or junction, such as stage/prod.", completion: Completions.consumers)
    var `for`: String

    private var asked: ApprovalChange {
        var asked = ApprovalChange()
        asked.freight = freight
        asked.consumer = `for`
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
