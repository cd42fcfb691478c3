import ArgumentParser
import EventLog
import Ledger
import Requests
import Transparency

struct LedgerKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "The key by which others check what the ledger signs, as a C2SP vkey.",
        discussion: """
            Give the line to whoever is to check the ledger, by a way that the operator of the \
            ledger cannot change later.

            --make makes the key of a ledger that has none, as 'waybill init' does. Where \
            signing.key was lost, the new one goes on in the same name, and signs nothing that \
            contradicts what the old one has signed. With an --origin that the ledger has not \
            had it begins as another log, whose checkpoints nobody knows yet; what signed for \
            the old one is put aside as signing.key.ID and checkpoint.ID. That is for a copy \
            that goes its own way, and for a key that somebody else may have.

            For example: waybill ledger key
            """
    )

    @OptionGroup var options: LedgerOptions

    @Flag(help: "Make a key where there is none.")
    var make = false

    @Option(
        help: "What checkpoints call the ledger, with --make (default as before, or waybill/ID)."
    )
    var origin: String?

    func run() async throws {
        guard make else {
            guard origin == nil else {
                throw CommandFailure.usage("--origin is for --make; leave it out, or give both")
            }
            return try await CommandClient(asking: options).answer(KeyQuestion())
        }
        let session = try Session(writing: options)
        let key = try await CheckpointSigner(session.ledger.log).makeKey(origin: origin)
        await session.ledger.log.close()
        options.show(
            options.isStructured ? .value(KeyQuestion.value([key])) : .text(key.text + "\n")
        )
    }
}
