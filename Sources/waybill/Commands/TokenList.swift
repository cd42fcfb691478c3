import ArgumentParser
import Requests

struct TokenList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The tokens that were ever made, and whether they still open anything.",
        discussion: "For example: waybill token list"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    func run() throws {
        try Session(reading: options).answer(TokensQuestion().of(moment, paging))
    }
}
