import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerClient
import Requests
import Transparency

struct LedgerCheckpoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign size and root of the log: a C2SP tlog-checkpoint in a signed note.",
        discussion: """
            Whoever keeps it can tell later whether anything up to there was changed. What was \
            signed last is kept in the ledger and beside its key; nothing is signed that \
            contradicts it, so an older copy of the ledger that was put back signs nothing. If \
            nothing was recorded since, the last one is printed again.

            --at prints the checkpoint of a moment, unsigned, of any ledger that can be read.

            For example: waybill ledger checkpoint --out today.checkpoint
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Option(help: "The file to write it to, as a whole; another one there is replaced.")
    var out: String?

    func run() async throws {
        guard moment.at == nil else {
            return try await CommandClient(asking: options, to: out)
                .answer(CheckpointQuestion().of(moment))
        }
        let note = try await signed()
        guard out == nil, options.isStructured else {
            return try ProofFiles.write(note.encoded, to: out)
        }
        let checkpoint = try telling { () throws(TransparencyError) in try note.checkpoint() }
        options.show(CheckpointQuestion.value(checkpoint, note))
    }

    /// The checkpoint of now, signed here or by the server.
    private func signed() async throws -> SignedNote {
        guard let address = try options.serverAddress() else {
            let session = try Session(writing: options)
            let note = try await CheckpointSigner(session.ledger.log).sign()
            await session.ledger.log.close()
            return note
        }
        let desk = RemoteDesk(address, options.choice, .value)
        let answer = try await desk.value(to: .ofLedger("ledger/checkpoints"))
        return try telling(about: "what the server has signed") {
            () throws(TransparencyError) in
            try SignedNote(parsing: Array((answer["note"]?.stringValue ?? "").utf8))
        }
    }
}
