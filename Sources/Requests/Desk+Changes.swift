package import EventLog
import Expressions
package import Ledger
import LedgerAPI
import PromotionModel

extension Desk {
    /// What came of a change.
    package enum Outcome: Sendable {
        /// It was recorded, with these events.
        case recorded(Receipt, [LedgerEvent], told: String)
        /// Nothing was appended, for there was nothing to do, or it was a dry run.
        case nothing(Answer)
    }

    /// Executes a change, or says what it would do.
    ///
    /// - Throws: `CommandFailure` if a rule refuses it, or something that it names is not there.
    package func execute(
        _ change: some Change,
        _ terms: ChangeTerms
    ) async throws -> Outcome {
        if let reason = terms.reason, reason.utf8.count > ChangeTerms.reasonByteCountMax {
            throw CommandFailure.usage(
                "--reason has at most \(ChangeTerms.reasonByteCountMax) bytes; shorten it"
            )
        }
        var envelope = terms.envelope(try change.command(self))
        try permit?(envelope.command)
        if change.looksUpVersions, let lookUp {
            envelope = try await lookUp(envelope, try project())
        }
        guard !terms.isDryRun else { return .nothing(try tried(change, envelope)) }
        switch try await ledger.execute(envelope) {
        case .accepted(let receipt):
            return try read { view in
                let events = try view.events(of: receipt)
                var told = ""
                if !form.isStructured {
                    told = try change.told(view, events)
                    if receipt.isDuplicate {
                        told += "(recorded before, at \(receipt.first) to \(receipt.last))\n"
                    }
                }
                return .recorded(receipt, events, told: told)
            }
        case .quiet: return .nothing(answer(try change.quiet(self, envelope)))
        case .refused(let refusal): return try read { _ in throw CommandFailure(refusal) }
        case .conflict(let first, let last):
            throw CommandFailure.conflict(envelope.id, first, last)
        }
    }

    /// The answer to what was recorded.
    package func answer(
        _ receipt: Receipt,
        _ events: [LedgerEvent],
        told: String
    ) -> Answer {
        form.isStructured ? .value(Shape.receipt(receipt, events: events)) : .text(told)
    }

    private func answer(_ quiet: Quiet) -> Answer {
        guard form.isStructured else { return .text(quiet.sentence + "\n") }
        var members: [String: Value] = ["positions": [], "duplicate": false, "events": []]
        members.merge(quiet.members) { _, last in last }
        return .value(.object(members))
    }

    private func tried(_ change: some Change, _ envelope: CommandEnvelope) throws -> Answer {
        let known = try ledger.log.read { (snapshot) throws(EventLogError) in
            (
                receipt: try snapshot.receipt(for: envelope.id),
                hash: try snapshot.contentHash(of: envelope.id)
            )
        }
        if let receipt = known.receipt {
            guard known.hash == envelope.contentHash else {
                throw CommandFailure.conflict(envelope.id, receipt.first, receipt.last)
            }
            return answer(
                Quiet(
                    sentence: "This command was recorded before, at \(receipt.first) to "
                        + "\(receipt.last)."
                )
            )
        }
        switch try ledger.dryRun(envelope) {
        case .quiet: return answer(try change.quiet(self, envelope))
        case .refused(let refusal): return try read { _ in throw CommandFailure(refusal) }
        case .events(let drafts): return answer(drafts, try change.preview(self))
        }
    }

    private func answer(_ drafts: [EventDraft], _ preview: Preview?) -> Answer {
        if form.isStructured {
            return .value(Shape.drafts(drafts, with: preview?.members ?? []))
        }
        let nothing = "Nothing was appended (--dry-run).\n"
        guard let preview else { return .text(Self.table(of: drafts) + nothing) }
        let events = preview.showsEvents ? Self.table(of: drafts) : ""
        return .text(preview.text + "\n" + events + nothing)
    }

    private static func table(of drafts: [EventDraft]) -> String {
        var table = TextTable(["TYPE", "PROJECT", "SUBJECT"])
        for draft in drafts {
            let project = draft.project == .cluster ? "-" : draft.project.rawValue
            table.add([draft.event.type.name, project, draft.subject.rawValue])
        }
        return table.text
    }
}

extension View {
    /// The events that a command left.
    package func events(of receipt: Receipt) throws -> [LedgerEvent] {
        var events: [LedgerEvent] = []
        for number in receipt.first.rawValue...receipt.last.rawValue {
            events.append(try event(at: Position(rawValue: number)))
        }
        return events
    }
}
