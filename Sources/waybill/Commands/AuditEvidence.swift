import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Requests
import Transparency

struct AuditEvidence: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Everything about one change, with a proof of each event.",
        discussion: """
            A folder with a page to read (index.html), the change as 'audit population' tells it \
            (change.json), and each event that says something about it as JSON and with a C2SP \
            tlog-proof to a signed checkpoint: the request and what led to it, steps, end, \
            verification, approvals and quarantine of its freight, how that was made and found, \
            holds of automation, the restore that asked for it, bookmarks and notes.

            docs/AUDIT.md says how an auditor checks it without Waybill.

            For example: waybill audit evidence \
            prod.01m839zrya000000000000008k.b01e8ee --out evidence
            """
    )

    @OptionGroup var options: LedgerOptions

    @Argument(help: "The promotion.", completion: Completions.promotions)
    var promotion: String

    @Option(help: "A new directory for the evidence.")
    var out: String

    func run() async throws {
        let name = try Names.promotion(promotion)
        let session = try Session(writing: options)
        let ledger = try AuditedLedger(session.ledger)
        // Before anything is signed.
        let known = try session.ask { view, project in try find(name, in: project, view) }
        let head = try session.ledger.log.head().position
        let note = try await CheckpointSigner(session.ledger.log).sign(at: head)
        try AuditFolder.make(at: out) { folder in
            try session.read(at: .position(head)) { view, _ in
                let evidence = try find(name, in: known.project, view).evidence
                try write(evidence, ledger, note, folder, view)
            }
        }
        await session.ledger.log.close()
        let count = known.evidence.events.count
        guard !options.isStructured else {
            return options.show(["events": .int(Int64(count)), "path": .string(out)])
        }
        Output.line("Wrote \(count) events about \(name), each with its proof, to \(out)")
    }

    private func find(
        _ name: PromotionName,
        in project: ProjectName,
        _ view: View
    ) throws -> (evidence: ChangeEvidence, project: ProjectName) {
        guard let evidence = try view.evidence(of: name, in: project) else {
            throw CommandFailure(
                .refused,
                "promotionNotBegun",
                "\(name) has not begun, so it changed nothing; see waybill describe "
                    + "promotion/\(name)"
            )
        }
        return (evidence, project)
    }

    private func write(
        _ evidence: ChangeEvidence,
        _ ledger: AuditedLedger,
        _ note: SignedNote,
        _ folder: AuditFolder,
        _ view: View
    ) throws {
        let checkpoint = try note.checkpoint()
        for item in evidence.events {
            let position = item.event.header.position
            let name = "event-\(position.rawValue)"
            let proof = try EventProof(of: position, in: note, view.snapshot)
            try folder.write(Shape.event(item.event).json + "\n", to: name + ".json")
            try folder.write(proof.encoded, to: name + ".tlog-proof")
        }
        try folder.write(note.encoded, to: "checkpoint")
        try folder.write(Shape.change(evidence.record).json + "\n", to: "change.json")
        var page = EvidencePage(
            evidence,
            ledger: ledger.id.text,
            origin: checkpoint.origin,
            size: checkpoint.size,
            root: checkpoint.root.hex
        )
        try folder.write(page.html(), to: "index.html")
        try folder.write(readMe(evidence, ledger, checkpoint), to: "README.txt")
    }

    private func readMe(
        _ evidence: ChangeEvidence,
        _ ledger: AuditedLedger,
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
