import EventLog
import Expressions
import Ledger
import LedgerAPI
import LMDB
import PromotionModel
import Requests
import Transparency

/// A population of changes, with what makes it provably complete.
struct PopulationFolder {
    let session: Session
    let project: ProjectName
    let stage: StageName
    /// The last event before the period, and the last one in it.
    let after: Position
    let last: Position

    /// Writes the folder; returns how many changes there are.
    func write(to path: String) async throws -> Int {
        let ledger = try AuditedLedger(session.ledger)
        let signer = CheckpointSigner(session.ledger.log)
        let old = try await signer.sign(at: after)
        let new = try await signer.sign(at: last)
        let growth = try session.ledger.log.read { (snapshot) throws(TransparencyError) in
            try GrowthProof(from: old, to: new, snapshot).encoded
        }
        var count = 0
        try AuditFolder.make(at: path) { folder in
            try folder.write(old.encoded, to: "before.checkpoint")
            try folder.write(new.encoded, to: "after.checkpoint")
            try folder.write(growth, to: "growth")
            count = try writeChanges(folder)
            try folder.write(scope(ledger, count).json + "\n", to: "population.json")
            try writeHeaders(folder, ledger, new)
            try folder.write(readMe(ledger, count), to: "README.txt")
        }
        return count
    }

    private func writeChanges(_ folder: AuditFolder) throws -> Int {
        var positions: [Position] = []
        try session.read(at: .position(last)) { view, _ in
            positions = try view.changes(of: stage, in: project, after: after)
            try folder.stream(to: "changes.csv") { sink in
                try sink(ChangeTable.heading.utf8Span.span)
                for position in positions {
                    let record = try view.change(startedAt: position, in: project)
                    try sink(ChangeTable.line(record).utf8Span.span)
                }
            }
            try folder.stream(to: "changes.jsonl") { sink in
                for position in positions {
                    let record = try view.change(startedAt: position, in: project)
                    let line = Shape.change(record).json + "\n"
                    try sink(line.utf8Span.span)
                }
            }
        }
        return positions.count
    }

    private func writeHeaders(
        _ folder: AuditFolder,
        _ ledger: AuditedLedger,
        _ note: SignedNote
    ) throws {
        let export = try EventExport(
            session.ledger,
            origin: ledger.key.name,
            from: after.next,
            through: last,
            checkpoint: note.encoded,
            hasPayloads: false
        )
        let bar = ProgressBar("headers")
        defer { bar.end() }
        try folder.stream(to: "headers.jsonl") { sink in
            do throws(ExportFailure<StagingError>) {
                try export.write(progress: { bar.show($0, of: $1) }, to: sink)
            } catch {
                switch error {
                case .ledger(let error): throw error
                case .sink(let error): throw error
                }
            }
        }
    }

    private func scope(_ ledger: AuditedLedger, _ count: Int) -> Value {
        [
            "ledger": .string(ledger.id.text), "origin": .string(ledger.key.name),
            "project": .string(project.rawValue), "stage": .string(stage.rawValue),
            "after": .int(Int64(clamping: after.rawValue)),
            "through": .int(Int64(clamping: last.rawValue)), "changes": .int(Int64(count)),
        ]
    }

    private func readMe(_ ledger: AuditedLedger, _ count: Int) -> String {
        """
        Every change of stage \(stage) in project \(project) of the ledger \(ledger.id)
        that began with one of the events \(after.rawValue + 1) to \(last.rawValue): \(count).

            changes.csv         one line each, for spreadsheets
            changes.jsonl       the same with all details, JSON Lines
            before.checkpoint   the ledger before the period: \(after.rawValue) events, signed
            after.checkpoint    what it was at its end: \(last.rawValue) events, signed
            growth              that the second extends the first
            headers.jsonl       the headers of all events in between: who did what kind of thing
                                to what, and when, but not what the events say
            population.json     stage and period, for programs

        To check that without Waybill, with the two programs of its directory tools:

            python3 verify-population.py . --key VKEY

        It checks both signatures and the proof of growth, makes the tree of hashes anew from the
        headers, and counts every header that says that a promotion to the stage began. So no change
        is missing, and none is there that did not happen. What the lines say of each change is
        proved by its evidence: waybill audit evidence PROMOTION --out DIR.

        If you have kept a checkpoint of your own from before the period, check that this ledger
        extends it; docs/AUDIT.md says how, and what an operator could still have changed.

        \(ledger.keyNote)
        """
    }
}
