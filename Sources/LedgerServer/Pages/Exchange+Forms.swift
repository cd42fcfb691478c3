import EventLog
import HTTPTypes
import HummingbirdCore
import Ledger
import LedgerPages
import PromotionModel
import Requests

extension Exchange {
    /// Does what a form asks for: `POST /p/PROJECT/do/VERB`.
    ///
    /// The command is the one that the API makes of the same words. After it, the browser is sent
    /// on to a page, with `done`; what a rule refuses comes back on the page that the form was on.
    func submit() async throws -> Reply {
        guard let project = ProjectName(rawValue: names["project"] ?? "") else {
            throw Problem(.notFound, "noSuchPage", "there is no page at this address")
        }
        let fields = try await formFields()
        try checkToken(of: fields)
        let target = request.head.path ?? ""
        do {
            let submission: PageSubmission
            do throws(FormFault) {
                submission = try PageSubmission(
                    path: String(target.prefix { $0 != "?" }),
                    fields: fields
                )
            } catch {
                throw CommandFailure(.usage, "invalidField", error.sentence)
            }
            return .seeOther(try await done(submission, project).text)
        } catch {
            guard let failure = CommandFailure(known: error), failure.isForWhoAsked else {
                throw error
            }
            let refusal = FormRefusal(
                verb: names["verb"] ?? "",
                sentence: failure.message,
                values: fields.values
            )
            return try await page(fields.back(in: project), after: refusal)
        }
    }

    /// Executes what a form asks for; the page to go on with.
    private func done(
        _ submission: PageSubmission,
        _ project: ProjectName
    ) async throws -> PagePath {
        guard let actor else { throw Access.notSignedIn }
        let change = submission.form.change(in: project)
        if submission.form.needsReason, submission.reason == nil {
            throw CommandFailure.usage(
                "say why, in a sentence: whoever reads the history reads it"
            )
        }
        if let sentence = change.contradiction { throw CommandFailure.usage(sentence) }
        let terms = ChangeTerms(
            id: submission.commandID,
            actor: actor,
            reason: submission.reason,
            isDryRun: false
        )
        let outcome: Desk.Outcome
        if let preview = submission.preview {
            outcome = try await core.turns.take {
                try await requireSame(preview, change, terms, project)
                return try await record(change, terms, desk(.text))
            }
        } else {
            outcome = try await record(change, terms, desk(.text))
        }
        switch outcome {
        case .recorded(let receipt, let events, _):
            return Self.next(events, submission.back)
                .with(.done, String(receipt.first.rawValue))
        case .nothing(.text(let sentence)):
            throw CommandFailure(.refused, "nothingToDo", Self.line(sentence))
        case .nothing(.value):
            throw CommandFailure(.refused, "nothingToDo", Quiet.nothing.sentence)
        }
    }

    /// That what was shown is what would happen now.
    private func requireSame(
        _ preview: String,
        _ change: any Change,
        _ terms: ChangeTerms,
        _ project: ProjectName
    ) async throws {
        let session = PageSession(
            actor: terms.actor.name,
            csrfToken: "",
            now: .wallClock(),
            makeCommandID: { "" }
        )
        try await core.pool.run { [desk = desk(.text)] in
            let known = try desk.ledger.log.read { (snapshot) throws(EventLogError) in
                try snapshot.receipt(for: terms.id)
            }
            // Sent twice, it is done already, and answered with its first receipt.
            guard known == nil else { return }
            let command = try change.command(desk)
            let (now, position) = try desk.read { view in
                (
                    try LedgerPages.fingerprint(of: command, in: project, view, for: session),
                    view.moment.position
                )
            }
            guard let now, now != preview else { return }
            throw CommandFailure(
                .refused,
                "changedSince",
                "the ledger went on to \(position), and this would not do any more what you saw; "
                    + "the change set is shown as it is now: look at it, and send it again"
            )
        }
    }

    /// Where to look at what was done: the promotion or the freight, else where the form was.
    private static func next(_ events: [LedgerEvent], _ back: PagePath) -> PagePath {
        guard let project = back.place.project else { return back }
        var promotions: [PromotionName] = []
        for event in events {
            if case .promotionRequested(let event) = event.event {
                promotions.append(event.request.name)
            } else if case .freightCreated(let event) = event.event {
                return freight(event.freight, project)
            } else if case .freightRepackaged(let event) = event.event {
                return freight(event.freight, project)
            }
        }
        if promotions.count == 1 { return PagePath(.promotion(promotions[0], in: project)) }
        // The plan of a restore is carried out by now.
        if case .restore = back.place { return PagePath(.pipeline(project)) }
        // What the form was filled in with is done.
        return back.with(.form, nil).with(.target, nil).with(.freight, []).with(.allow, [])
    }

    private static func freight(_ id: FreightID, _ project: ProjectName) -> PagePath {
        PagePath(.freight(id.rawValue, in: project))
    }

    private static func line(_ text: String) -> String {
        text.last?.isNewline == true ? String(text.dropLast()) : text
    }
}

extension CommandFailure {
    /// Whether it is about what was asked for, and not about the ledger or the machine.
    fileprivate var isForWhoAsked: Bool {
        switch exitCode {
        case .usage, .refused, .notFound: true
        case .failure, .integrity, .inDoubt: false
        }
    }
}
