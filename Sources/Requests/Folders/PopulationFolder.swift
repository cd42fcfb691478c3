import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Transparency

/// The changes of a stage in a period, with what makes them provably complete:
/// `waybill audit population --out`.
package struct PopulationFolderQuestion: FolderQuestion, PeriodRequest {
    package var stage = ""
    package var from: String?
    package var to: String?

    package init() {}

    package var place: RequestPlace { .ofProject("audit/population/folder") }

    package static let fields: [RequestField<PopulationFolderQuestion>] = [.stage, .from, .to]

    package var folderName: String { stage + "-population" }

    package func content(_ desk: Desk) async throws -> PopulationFolder {
        let (project, stage, after, last) = try read(desk) { view, project, stage, after in
            (project, stage, after, view.moment.position)
        }
        guard after < last else {
            throw CommandFailure.usage(
                "nothing was recorded in the period, which is behind event \(after); name a "
                    + "longer one with --from and --to"
            )
        }
        let ledger = try AuditedLedger(desk)
        let signer = CheckpointSigner(desk.ledger.log)
        let old = try await signer.sign(at: after)
        let new = try await signer.sign(at: last)
        return PopulationFolder(
            desk: desk,
            ledger: ledger,
            project: project,
            stage: stage,
            after: after,
            last: last,
            old: old,
            new: new
        )
    }
}

/// A population of changes between two signed checkpoints.
package struct PopulationFolder: FolderContent {
    let desk: Desk
    let ledger: AuditedLedger
    let project: ProjectName
    let stage: StageName
    /// The last event before the period, and the last one in it.
    let after: Position
    let last: Position
    /// The ledger at those, signed.
    let old: SignedNote
    let new: SignedNote

    /// Writes all files; reads every header of the period.
    package func write(
        to sink: some FolderSink,
        progress: (_ done: UInt64, _ size: UInt64) -> Void
    ) throws {
        let growth = try desk.readLog { snapshot in
            try GrowthProof(from: old, to: new, snapshot).encoded
        }
        try sink.write(old.encoded, to: "before.checkpoint")
        try sink.write(new.encoded, to: "after.checkpoint")
        try sink.write(growth, to: "growth")
        let count = try writeChanges(sink)
        try sink.write(scope(count).json + "\n", to: "population.json")
        try writeHeaders(sink, progress)
        try sink.write(readMe(count), to: "README.txt")
    }

    private func writeChanges(_ sink: some FolderSink) throws -> Int {
        try desk.read(at: .position(last)) { view in
            let positions = try view.changes(of: stage, in: project, after: after)
            try sink.stream(to: "changes.csv") { write in
                try write(ChangeTable.heading.utf8Span.span)
                for position in positions {
                    let record = try view.change(startedAt: position, in: project)
                    try write(ChangeTable.line(record).utf8Span.span)
                }
            }
            try sink.stream(to: "changes.jsonl") { write in
                for position in positions {
                    let record = try view.change(startedAt: position, in: project)
                    let line = Shape.change(record).json + "\n"
                    try write(line.utf8Span.span)
                }
            }
            return positions.count
        }
    }

    private func writeHeaders(
        _ sink: some FolderSink,
        _ progress: (_ done: UInt64, _ size: UInt64) -> Void
    ) throws {
        let export = try EventExport(
            desk.ledger,
            origin: ledger.key.name,
            from: after.next,
            through: last,
            checkpoint: new.encoded,
            hasPayloads: false
        )
        try sink.stream(to: "headers.jsonl") { write in
            do throws(ExportFailure<any Error>) {
                try export.write(progress: progress, to: write)
            } catch {
                switch error {
                case .ledger(let error): throw error
                case .sink(let error): throw error
                }
            }
        }
    }

    private func scope(_ count: Int) -> Value {
        [
            "ledger": .string(ledger.id.text), "origin": .string(ledger.key.name),
            "project": .string(project.rawValue), "stage": .string(stage.rawValue),
            "after": .int(Int64(clamping: after.rawValue)),
            "through": .int(Int64(clamping: last.rawValue)), "changes": .int(Int64(count)),
        ]
    }

    private func readMe(_ count: Int) -> String {
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
