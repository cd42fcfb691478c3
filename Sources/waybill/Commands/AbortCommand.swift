import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct AbortCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "End a promotion before it is done.",
        discussion: "For example: waybill abort prod.01kb….2f2aa05 --reason 'wrong freight'"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The promotion's name.", completion: Completions.promotions)
    var promotion: String

    func run() async throws {
        let name = try Names.promotion(promotion)
        let session = try Session(options, change)
        let command = AbortPromotion(project: try session.project(), promotion: name)
        try await session.execute(.abortPromotion(command), change, quiet: "Nothing to abort.") {
            _,
            events in
            Narrator.tell(events)
        }
    }
}
