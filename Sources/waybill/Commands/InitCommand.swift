import ArgumentParser
import EventLog
import Expressions
import Ledger

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an empty ledger.",
        discussion: """
            The directory must be empty or not there yet; the one above it must be there.

            For example: waybill init --ledger ./ledger
            """
    )

    @OptionGroup var options: LedgerOptions

    func run() async throws {
        let ledger = try Ledger.create(at: options.path, options: try options.logOptions())
        await ledger.log.close()
        if options.isStructured {
            options.show(["id": .string("\(ledger.log.id)"), "path": .string(options.path)])
        } else {
            Output.line("Made ledger \(ledger.log.id) in \(options.path)")
        }
    }
}
