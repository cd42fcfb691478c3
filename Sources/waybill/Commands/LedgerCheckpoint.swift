import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
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
        guard moment.at == nil else { return try unsigned() }
        let session = try Session(writing: options)
        let note = try await CheckpointSigner(session.ledger.log).sign()
        await session.ledger.log.close()
        try show(try telling { () throws(TransparencyError) in try note.checkpoint() }, note)
    }

    private func unsigned() throws {
        try Session(reading: options).read(at: try moment.reference()) { view, _ in
            let root: Digest
            do throws(EventLogError) {
                root = try view.snapshot.root(at: view.moment.position)
            } catch {
                throw CommandFailure(.log(error))
            }
            let size = view.moment.position.rawValue
            let key = try view.snapshot.verifierKeys().first
            let origin = key?.name ?? CheckpointSigner.defaultOrigin(view.snapshot.id)
            guard let checkpoint = Checkpoint(origin: origin, size: size, root: root) else {
                preconditionFailure("the name of a key and a ledger id make origins")
            }
            try show(checkpoint, nil)
        }
    }

    private func show(_ checkpoint: Checkpoint, _ note: SignedNote?) throws {
        let text = note?.encoded ?? checkpoint.text
        guard out == nil, options.isStructured else {
            return try ProofFiles.write(text, to: out)
        }
        options.show(
            Shape.object([
                ("origin", .string(checkpoint.origin)), ("size", .int(Int64(checkpoint.size))),
                ("root", .string(checkpoint.root.hex)),
                ("note", note.map { .string($0.encoded) } ?? .null),
            ])
        )
    }
}
