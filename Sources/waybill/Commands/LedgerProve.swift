import ArgumentParser
import Requests
import Transparency

struct LedgerProve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Prove that an event is in the log, or that the log has only grown.",
        discussion: """
            --position writes a C2SP tlog-proof: the event, its place, and the hashes that lead \
            from it to a signed checkpoint. --from writes that everything which an older \
            checkpoint covers is there unchanged, as C2SP tlog-witness has it. Both are to the \
            checkpoint that was signed last, or to that of --to-checkpoint. docs/PROOFS.md says \
            how others check them.

            For example: waybill ledger prove --position 41 --out 41.tlog-proof
            """
    )

    @OptionGroup var options: LedgerOptions

    @Option(help: "The position of the event that is to be proved.")
    var position: String?

    @Option(help: "A file with an older checkpoint, which the log is to be proved to extend.")
    var from: String?

    @Option(help: "A file with the checkpoint to prove it to (default the one signed last).")
    var toCheckpoint: String?

    @Flag(help: "Leave out what the event says: who did what kind of thing to what is proved.")
    var headerOnly = false

    @Option(help: "The file to write it to, as a whole; another one there is replaced.")
    var out: String?

    func run() async throws {
        var question = ProofQuestion()
        question.position = position
        question.headerOnly = headerOnly
        question.from = from
        // Before a file is looked for: what was asked for makes no sense with any file.
        if let contradiction = question.contradiction { throw CommandFailure.usage(contradiction) }
        question.from = try from.map { try ProofFiles.note(in: $0).encoded }
        question.toCheckpoint = try toCheckpoint.map { try ProofFiles.note(in: $0).encoded }
        try await CommandClient(asking: options, to: out).answer(question)
    }
}
