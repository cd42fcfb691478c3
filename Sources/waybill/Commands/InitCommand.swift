import ArgumentParser
import Requests
import EventLog
import Expressions
import Ledger
import Transparency

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an empty ledger, and the key that signs its checkpoints.",
        discussion: """
            The directory must be empty or not there yet; the one above it must be there. The \
            key is signing.key in it, which only its owner may read; its public half is what \
            waybill ledger key prints.

            For example: waybill init --ledger ./ledger --origin example.com/shop
            """
    )

    @OptionGroup var options: LedgerOptions

    @Option(
        help:
            "What checkpoints call the ledger: best below a domain of yours (default waybill/ID)."
    )
    var origin: String?

    func run() async throws {
        if let origin {
            try telling { () throws(TransparencyError) in
                try CheckpointSigner.checkOrigin(origin)
            }
        }
        let ledger = try Ledger.create(at: try options.path, options: try options.logOptions())
        let key = try await CheckpointSigner(ledger.log).makeKey(origin: origin)
        await ledger.log.close()
        if options.isStructured {
            options.show([
                "id": .string("\(ledger.log.id)"), "path": .string(options.directory),
                "origin": .string(key.name), "key": .string(key.text),
            ])
        } else {
            Output.line("Made ledger \(ledger.log.id) in \(options.directory)")
            Output.line("Its checkpoints are signed as \(key.name), see waybill ledger key")
        }
    }
}
