import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct LedgerRedact: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact",
        abstract: "Erase what an event says in words, visibly and for ever.",
        discussion: """
            For what slipped into the ledger and must not be there, such as a password in the \
            message of a step. The payload's bytes and its salt are erased; header, position and \
            every root stay, and an event PayloadRedacted says who did it, when, why, and which \
            fields are gone. What later events stand on is kept in that event: names, phases and \
            times, but none of the words (reason, message, text, evidence, url, outputs, value, \
            author, committer). Projections are written anew in the same transaction.

            Configuration cannot be redacted, nor events of promotions that have not ended. Names \
            of actors and things are in headers and stay. A secret that was seen is to be changed \
            in any case. Pages of the ledger's file that are no longer used may still have the \
            bytes, and so have backups and exports that were made before: docs/BACKUP.md says how \
            to be rid of them.

            For example: waybill ledger redact '#1234' --reason "a token in a step's message"
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The event, such as '#1234'.")
    var event: String

    func run() async throws {
        guard case .position(let position)? = MomentReference(parsing: event) else {
            throw CommandFailure.usage(
                "\(event.quotedForDisplay) names no event; write its position, such as '#1234'"
            )
        }
        guard let reason = change.reason, !reason.isEmpty else {
            throw CommandFailure.usage("--reason is missing; say why the event is redacted")
        }
        let identity = try change.identity()
        let request = RedactionRequest(
            position: position,
            reason: reason,
            id: identity.id,
            actor: identity.actor
        )
        let session = try Session(options, change)
        if change.dryRun { return try preview(request, session) }
        switch try await session.ledger.redact(request) {
        case .accepted(let receipt): try accepted(receipt, session)
        case .quiet: preconditionFailure("a redaction is accepted or refused")
        case .refused(let refusal): throw CommandFailure(refusal)
        case .conflict(let first, let last):
            throw CommandFailure.conflict(identity.id, first, last)
        }
        await session.ledger.log.close()
    }

    private func accepted(_ receipt: Receipt, _ session: Session) throws {
        let made = try session.read { view, _ in try view.event(at: receipt.first) }
        guard !options.isStructured else {
            return session.show(Shape.receipt(receipt, events: [made]))
        }
        guard case .payloadRedacted(let redaction)? = made.event else { return }
        Output.line(
            "Redacted event \(redaction.position) (\(redaction.type.name)): "
                + "\(redaction.erased.joined(separator: ", ")) erased, as event \(receipt.first)"
        )
        if receipt.isDuplicate { Output.line("(recorded before, at \(receipt.first))") }
        Output.line(
            "Unused pages of the ledger's file, backups and exports may still have the bytes; see "
                + "docs/BACKUP.md"
        )
    }

    private func preview(_ request: RedactionRequest, _ session: Session) throws {
        switch try session.ledger.redactionPreview(request) {
        case .refused(let refusal): throw CommandFailure(refusal)
        case .redact(let event, let redaction):
            guard !options.isStructured else {
                let draft = EventDraft(
                    project: ProjectName(unchecked: event.header.project),
                    subject: Subject(unchecked: event.header.subject),
                    event: .payloadRedacted(redaction)
                )
                return session.show(Shape.drafts([draft]))
            }
            Output.line(
                "Would erase \(redaction.erased.joined(separator: ", ")) of event "
                    + "\(redaction.position) (\(redaction.type.name))"
            )
            Output.line("Nothing was appended (--dry-run).")
        }
    }
}
