import ArgumentParser
import Requests

struct TokenRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take a token back: it opens nothing any more, nor do its sessions.",
        discussion: """
            Its roles stay with the name, and another token may be made under it.

            For example: waybill token revoke ci --reason 'it was in a log'
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The token's name, see 'waybill token list'.")
    var name: String

    func run() async throws {
        var asked = TokenRevocationChange()
        asked.name = name
        try await CommandClient(options, change).execute(asked, change)
    }
}
