import ArgumentParser
import Requests

struct TokenList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The tokens that were ever made, and whether they still open anything.",
        discussion: "For example: waybill token list"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    func run() async throws {
        try await CommandClient(asking: options).answer(TokensQuestion().of(moment, paging))
    }
}
