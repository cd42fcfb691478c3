import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import Transparency
import Requests

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
            return show(try presentKeys())
        }
        let session = try Session(writing: options)
        let key = try await CheckpointSigner(session.ledger.log).makeKey(origin: origin)
        await session.ledger.log.close()
        show([key])
    }

    private func presentKeys() throws -> [VerifierKey] {
        let log = try Session(reading: options).ledger.log
        let keys = try log.read { (snapshot) throws(TransparencyError) in
            try snapshot.verifierKeys()
        }
        guard !keys.isEmpty else {
            throw CommandFailure.notFound(
                "the ledger in \(options.directory) has no signing key; make one with "
                    + "waybill ledger key --make"
            )
        }
        return keys
    }

    private func show(_ keys: [VerifierKey]) {
        guard options.isStructured else { return Output.line(keys[0].text) }
        options.show(
            Shape.object([
                ("origin", .string(keys[0].name)), ("id", .string(keys[0].hexID)),
                ("key", .string(keys[0].text)),
                ("earlier", .array(keys.dropFirst().map { .string($0.text) })),
            ])
        )
    }
}
