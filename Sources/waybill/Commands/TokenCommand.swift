import ArgumentParser

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Tokens with which people and programs enter a server.",
        discussion: "For example: waybill token list",
        subcommands: [TokenCreate.self, TokenList.self, TokenRevoke.self]
    )
}
