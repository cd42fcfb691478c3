import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Transparency

/// Everything about one change, with a proof of each event: `waybill audit evidence`.
package struct EvidenceQuestion: FolderQuestion {
    /// The promotion.
    package var promotion = ""

    package init() {}

    package var place: RequestPlace { .ofProject("audit/evidence") }

    package static let fields: [RequestField<EvidenceQuestion>] = [
        .text("promotion", \.promotion, "The promotion's name.")
    ]

    package var folderName: String {
        promotion.split(separator: "/").last.map(String.init) ?? "evidence"
    }

    package func content(_ desk: Desk) async throws -> EvidenceFolder {
        let name = try Names.promotion(promotion)
        let ledger = try AuditedLedger(desk)
        // Before anything is signed.
        let project = try desk.ask { view, project in
            _ = try EvidenceFolder.evidence(of: name, in: project, view)
            return project
        }
        let head = try desk.ledger.log.head().position
        let note = try await CheckpointSigner(desk.ledger.log).sign(at: head)
        return EvidenceFolder(
            desk: desk,
            ledger: ledger,
            name: name,
            project: project,
            head: head,
            note: note
        )
    }
}

/// The evidence of one change: each event that says something about it, proved to a checkpoint.
package struct EvidenceFolder: FolderContent {
    let desk: Desk
    let ledger: AuditedLedger
    let name: PromotionName
    let project: ProjectName
    /// The last event that the checkpoint covers.
    let head: Position
    let note: SignedNote

    /// What there is about a promotion.
    ///
    /// - Throws: a refusal if it has not begun.
    fileprivate static func evidence(
        of name: PromotionName,
        in project: ProjectName,
        _ view: View
    ) throws -> ChangeEvidence {
        guard let evidence = try view.evidence(of: name, in: project) else {
            throw CommandFailure(
                .refused,
                "promotionNotBegun",
                "\(name) has not begun, so it changed nothing; see waybill describe "
                    + "promotion/\(name)"
            )
        }
        return evidence
    }

    /// Writes all files; a few reads for each event.
    package func write(
        to sink: some FolderSink,
        progress: (_ done: UInt64, _ size: UInt64) -> Void
    ) throws {
        try desk.read(at: .position(head)) { view in
            let evidence = try Self.evidence(of: name, in: project, view)
            let checkpoint = try note.checkpoint()
            for item in evidence.events {
                let position = item.event.header.position
                let name = "event-\(position.rawValue)"
                let proof = try EventProof(of: position, in: note, view.snapshot)
                try sink.write(Shape.event(item.event).json + "\n", to: name + ".json")
                try sink.write(proof.encoded, to: name + ".tlog-proof")
            }
            try sink.write(note.encoded, to: "checkpoint")
            try sink.write(Shape.change(evidence.record).json + "\n", to: "change.json")
            var page = EvidencePage(
                evidence,
                ledger: ledger.id.text,
                origin: checkpoint.origin,
                size: checkpoint.size,
                root: checkpoint.root.hex
            )
            try sink.write(page.html(), to: "index.html")
            try sink.write(readMe(evidence, checkpoint), to: "README.txt")
        }
    }

    private func readMe(
        _ evidence: ChangeEvidence,
        _ checkpoint: Checkpoint
    ) -> String {
        """
        Evidence of the change that promotion
        \(evidence.record.promotion.name)
        made to stage \(evidence.record.promotion.stage) of project \
        \(evidence.record.started.project), from the ledger
        \(ledger.id).

            index.html             a page to read; start here
            change.json            who, why, what, how it went, and findings
            event-N.json           each event, in words
            event-N.tlog-proof     its bytes, and the proof that they are event N of the ledger
            checkpoint             the signed checkpoint of \(checkpoint.size) events that all \
        proofs lead to

        To check that without Waybill, with a program of its directory tools:

            python3 verify-ledger.py checkpoint checkpoint --key VKEY
            python3 verify-ledger.py proof *.tlog-proof --key VKEY

        The bytes in a proof are header, salt and payload (docs/waybill.proto); event-N.json is what
        Waybill reads in them. What was redacted has a proof of its header alone.

        \(ledger.keyNote)
        """
    }
}
