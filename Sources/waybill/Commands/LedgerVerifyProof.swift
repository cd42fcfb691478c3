import ArgumentParser
import EventLog
import Expressions
import LedgerAPI
import PromotionModel
import Transparency

struct LedgerVerifyProof: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-proof",
        abstract: "Check a checkpoint or a proof by a verifier key, without any ledger.",
        discussion: """
            FILE is what waybill ledger checkpoint or prove has written; which of them it is \
            shows its first line. A proof of growth (prove --from) needs the older checkpoint, \
            too. What does not hold ends with exit code 5. tools/verify-ledger.py does the same \
            and shares no code with this program.

            For example: waybill ledger verify-proof 41.tlog-proof --key "$(cat ledger.vkey)"
            """
    )

    @Argument(help: "The checkpoint, tlog-proof or proof of growth.", completion: .file())
    var file: String

    @Option(
        help: "The verifier key of the ledger, as waybill ledger key prints it; may be repeated."
    )
    var key: [String] = []

    @Option(help: "The older checkpoint, for a proof of growth.", completion: .file())
    var from: String?

    @Option(
        name: .shortAndLong,
        help: "The output: table, wide (nothing is cut), json, yaml or name (of 'get')."
    )
    var output: OutputFormat = .table

    func run() throws {
        var keys: [VerifierKey] = []
        for text in key {
            do throws(TransparencyError) {
                keys.append(try VerifierKey(parsing: text))
            } catch {
                throw CommandFailure.usage("--key \(Self.what(error))")
            }
        }
        guard !keys.isEmpty else {
            throw CommandFailure.usage("give the verifier key with --key, see waybill ledger key")
        }
        let bytes = try ProofFiles.bytes(of: file)
        let old = try from.map { path in
            let note = try ProofFiles.note(in: path)
            _ = try telling(about: path.quotedForDisplay) { () throws(TransparencyError) in
                try note.checkpoint(verifiedBy: keys)
            }
            return note
        }
        let verdict = try telling(about: file.quotedForDisplay) {
            () throws(TransparencyError) in try Self.verdict(bytes, old, keys)
        }
        guard let verdict else {
            throw CommandFailure.usage(
                "\(file.quotedForDisplay) says that a log has grown since an older checkpoint; "
                    + "give that with --from"
            )
        }
        guard output == .json || output == .yaml else { return Output.line("OK: \(verdict.line)") }
        var options = LedgerOptions()
        options.output = output
        options.show(Shape.object([("valid", .bool(true))] + verdict.members))
    }

    private typealias Verdict = (line: String, members: [(String, Value)])

    /// What a file shows; nil if the older checkpoint is missing.
    private static func verdict(
        _ bytes: [UInt8],
        _ old: SignedNote?,
        _ keys: [VerifierKey]
    ) throws(TransparencyError) -> Verdict? {
        if bytes.starts(with: "c2sp.org/tlog-proof".utf8) {
            let proof = try EventProof(parsing: bytes)
            return event(proof, try proof.verified(by: keys))
        }
        guard bytes.starts(with: "old ".utf8) else {
            let checkpoint = try SignedNote(parsing: bytes).checkpoint(verifiedBy: keys)
            return (
                "\(checkpoint.origin) had \(checkpoint.size) events, with root \(checkpoint.root)",
                [("kind", "checkpoint")] + members(checkpoint)
            )
        }
        guard let old else { return nil }
        let (older, newer) = try GrowthProof(parsing: bytes).verified(from: old, by: keys)
        return (
            "the first \(older.size) of \(newer.size) events of \(newer.origin) are those of the "
                + "older checkpoint",
            [("kind", "growth"), ("oldSize", .int(Int64(clamping: older.size)))] + members(newer)
        )
    }

    private static func event(
        _ proof: EventProof,
        _ found: (checkpoint: Checkpoint, header: Header)
    ) -> Verdict {
        let header = found.header
        let type = EventType(rawValue: header.type)?.name ?? "of type \(header.type)"
        let line =
            "event \(header.position) of \(found.checkpoint.origin) is \(type), "
            + "\(header.subject), by \(header.actor.name) at \(header.recorded.text); "
            + (proof.record.stored == nil ? "without what it says" : "with what it says")
        let members: [(String, Value)] = [
            ("kind", "event"), ("position", .int(Int64(clamping: header.position.rawValue))),
            ("type", .string(type)), ("project", .string(header.project)),
            ("subject", .string(header.subject)), ("actor", .string(header.actor.name)),
            ("at", .string(header.recorded.text)),
            ("payload", .bool(proof.record.stored != nil)),
        ]
        return (line, members + Self.members(found.checkpoint))
    }

    private static func members(_ checkpoint: Checkpoint) -> [(String, Value)] {
        [
            ("origin", .string(checkpoint.origin)),
            ("size", .int(Int64(clamping: checkpoint.size))),
            ("root", .string(checkpoint.root.hex)),
        ]
    }

    private static func what(_ error: TransparencyError) -> String {
        guard case .malformed(let what) = error else { return "\(error)" }
        return what
    }
}
