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
        case .events(let drafts): try read(drafts, view, project)
        }
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
