import ArgumentParser
import EventLog
import Expressions
import LedgerServer
import Requests

struct TokenCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token, and print it once.",
        discussion: """
            The token has 256 random bits; the ledger keeps its SHA-256 only, so it cannot be \
            printed again. What is done with it is recorded under its NAME. Send it as \
            'Authorization: Bearer TOKEN'. It may do what its roles allow, see 'waybill role \
            grant --help' and docs/ACCESS.md; without a role it sees nothing.

            For example: waybill token create ci --expires 30d --role promoter --stage 'test-*'
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var scope: RoleScopeOptions

    @Argument(help: "The token's name: up to 63 lower-case letters, digits, - and '.'.")
    var name: String

    @Option(help: "How long it is good: 12h, 30d, 8w, a time, or never. (default: 90d)")
    var expires: String?

    @Option(help: "A role that it has from the start: viewer, promoter, approver or admin.")
    var role: RoleName?

    @Option(name: .customLong("stage"), help: "Stages of a promoter, such as 'prod-*'; repeatable.")
    var stages: [String] = []

    func run() async throws {
        let secret = Secret()
        var asked = TokenChange()
        asked.name = name
        asked.digest = secret.digestText
        asked.expires = expires
        asked.role = role?.rawValue
        asked.project = role == nil ? nil : options.project
        asked.allProjects = scope.allProjects
        asked.stages = stages
        if let sentence = asked.contradiction { throw CommandFailure.usage(sentence) }
        let client = try CommandClient(options, change)
        guard let desk = client.desk else {
            // It makes the token, and answers with it.
            asked.digest = nil
            return try await client.execute(asked, change)
        }
        switch try await desk.execute(asked, try change.terms()) {
        case .nothing(let answer): options.show(answer)
        case .recorded(let receipt, let events, let told):
            // Recorded before: the token of that time was printed then.
            guard !receipt.isDuplicate else {
                return options.show(desk.answer(receipt, events, told: told))
            }
            switch desk.answer(receipt, events, told: told) {
            case .value(.object(var members)):
                members["token"] = .string(secret.text)
                options.show(.object(members))
            case .value(let value): options.show(value)
            case .text(let text): Output.text(text + secret.text + "\n")
            }
        }
    }
}
