import EventLog
import Ledger
import PromotionModel

/// What a form would do if it were sent now: decided by the rules that decide the command.
struct FormPreview {
    /// What each stage would change, in the order of the events.
    private(set) var changes: [(stage: StageName, changes: [ComponentChange])] = []
    /// The sentence of the rule that refuses it; nil if it would be accepted.
    private(set) var refusal: String?
    private(set) var isQuiet = false
    /// What else would follow.
    private(set) var follows: [(icon: String, text: String)] = []

    /// Names exactly what would happen; nil where nothing would.
    ///
    /// Who sends a form sends it back, so that nothing else is done than what was shown.
    private(set) var fingerprint: String?

    /// Decides a command on the view of now; nothing is appended.
    init(
        _ command: Command,
        _ context: PageContext,
        _ project: ProjectName,
        reason: String = "preview"
    ) throws(LedgerError) {
        let envelope = CommandEnvelope(
            id: CommandID(unchecked: "preview"),
            actor: EventActor(name: context.session.actor ?? "nobody", assurance: .asserted),
            command: command,
            reason: reason
        )
        let view = context.view.latest(at: context.session.now)
        switch try view.dryRun(envelope) {
        case .quiet: isQuiet = true
        case .refused(let refusal): self.refusal = "\(refusal)"
        case .events(let drafts):
            try read(drafts, view, project)
            fingerprint = try fingerprint(of: drafts, view, project)
        }
    }

    /// What stages and slots get, what they have instead of it now, and what somebody else asked
    /// for before it.
    private func fingerprint(
        of drafts: [EventDraft],
        _ view: View,
        _ project: ProjectName
    ) throws(LedgerError) -> String {
        var lines: [String] = []
        for (stage, changes) in changes {
            lines.append("stage \(stage)")
            let state = try view.ask { facts throws(FactsFailure) in
                try facts.stageState(stage, in: project)
            }
            lines += state.running.map { ["running \($0)"] } ?? []
            lines += state.pending.filter { $0.kind != .automatic }.map { "before \($0.name)" }
            for change in changes {
                let (from, to) = (change.from?.rawValue ?? "-", change.to?.rawValue ?? "-")
                lines.append("\(change.origin.rawValue) \(from) \(to) \(change.kind)")
            }
        }
        for draft in drafts {
            if case .freightCollected(let event) = draft.event {
                lines.append(
                    "slot \(event.junction) \(event.origin.rawValue) \(event.freight.rawValue)"
                )
            } else if case .freightRepackaged(let event) = draft.event {
                lines.append("bundle \(event.freight.rawValue)")
            }
        }
        return String(Digest.sha256(Array(lines.joined(separator: "\n").utf8)).hex.prefix(16))
    }

    private mutating func read(
        _ drafts: [EventDraft],
        _ view: View,
        _ project: ProjectName
    ) throws(LedgerError) {
        var held: [String] = []
        for draft in drafts {
            if case .promotionRequested(let event) = draft.event {
                let changes = try self.changes(event.request, view, project)
                self.changes.append((event.request.stage, changes))
            } else if case .autoPromotionHeld(let event) = draft.event {
                held.append(event.origin.name)
            } else if case .promotionSuperseded(let event) = draft.event {
                follows.append(("skip", "\(event.promotion) in the queue gives way."))
            } else if case .freightCollected(let event) = draft.event {
                follows.append(("collect", "\(event.junction) takes it into its slot."))
            }
        }
        if !held.isEmpty {
            let names = held.joined(separator: ", ")
            follows.append(("hold", "Automation leaves \(names) alone until somebody resumes it."))
        }
    }

    /// What a promotion that is asked for would change, if it began now.
    private func changes(
        _ request: Promotion,
        _ view: View,
        _ project: ProjectName
    ) throws(LedgerError) -> [ComponentChange] {
        try view.ask { facts throws(FactsFailure) in
            let state = try facts.stageState(request.stage, in: project)
            let uncertain = Set(state.uncertain.map(\.origin))
            let current = state.current ?? FreightCollection()
            if let target = request.target {
                return current.changes(to: target, uncertain: uncertain)
            }
            guard let spec = try facts.stage(request.stage, in: project)?.spec else { return [] }
            var freight: [Freight] = []
            for id in request.freight {
                if let found = try facts.freight(id, in: project) { freight.append(found) }
            }
            let target = current.putting(
                freight,
                requests: spec.requestedFreight,
                by: request.name
            )
            return current.changes(to: target, uncertain: uncertain)
        }
    }
}
