import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Transparency

struct LedgerProve: ParsableCommand {
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

    func run() throws {
        let place = try place()
        let old = try from.map { try ProofFiles.note(in: $0) }
        let named = try toCheckpoint.map { try ProofFiles.note(in: $0) }
        let log = try Session(reading: options).ledger.log
        let text = try log.read { (snapshot) throws(EdgeFailure) in
            do {
                return try proof(place, old, named, snapshot)
            } catch {
                throw EdgeFailure(error)
            }
        }
        guard out == nil, options.isStructured else {
            return try ProofFiles.write(text, to: out)
        }
        options.show(["proof": .string(text)])
    }

    /// The position that was given; nil where growth is to be proved.
    private func place() throws(CommandFailure) -> Position? {
        guard (position == nil) != (from == nil) else {
            throw .usage("give --position of an event, or --from with an older checkpoint")
        }
        guard let position else {
            guard !headerOnly else { throw .usage("--header-only is for --position") }
            return nil
        }
        let digits = position.hasPrefix("#") ? position.dropFirst() : position[...]
        guard let number = UInt64(digits), number > 0 else {
            throw .usage(
                "\(position.quotedForDisplay) is no position; give --position a number from 1 on"
            )
        }
        return Position(rawValue: number)
    }

    private func proof(
        _ place: Position?,
        _ old: SignedNote?,
        _ named: SignedNote?,
        _ snapshot: LogSnapshot
    ) throws -> String {
        let target = toCheckpoint?.quotedForDisplay ?? "the checkpoint that was signed last"
        guard let note = try named ?? snapshot.lastCheckpoint() else {
            let keys = try snapshot.verifierKeys()
            throw CommandFailure.notFound(
                keys.isEmpty
                    ? "the ledger has no signing key; make one with waybill ledger key --make"
                    : "no checkpoint was signed yet; sign one with waybill ledger checkpoint"
            )
        }
        _ = try telling(about: target) { () throws(TransparencyError) in
            try snapshot.signedCheckpoint(note)
        }
        if let place, place > snapshot.head.position {
            throw LedgerError.futurePosition(place, last: snapshot.head.position)
        }
        guard let place else {
            guard let old else { preconditionFailure("an older checkpoint was read") }
            let subject = from?.quotedForDisplay ?? "it"
            return try telling(about: subject) { () throws(TransparencyError) in
                try GrowthProof(from: old, to: note, snapshot).encoded
            }
        }
        return try telling(about: target) { () throws(TransparencyError) in
            try EventProof(of: place, in: note, snapshot, hasPayload: !headerOnly).encoded
        }
    }
}

/// Carries any error out of a closure that may throw only what the log can fail with.
struct EdgeFailure: EventLogFailure {
    let error: any Error

    init(_ error: any Error) {
        self.error = error
    }

    init(log: EventLogError) {
        error = CommandFailure(.log(log))
    }
}
