import EventLog
import Ledger
import PromotionModel
import Requests

/// Carrying out what the rules call for.
extension Conductor {
    /// Carries out what the rules call for, until they call for nothing more.
    func settle() async throws {
        while let entry = agenda.next() {
            let next = try ledger.read { (view) throws(LedgerError) in
                try view.ask { _ throws(FactsFailure) in
                    try view.nextStepsRule(in: entry.project).nextSteps(for: entry.subject)
                }
            }
            agenda.note(next.wakeAt, for: entry)
            for promotion in next.running {
                agenda.request(Promoted(project: entry.project, promotion: promotion))
            }
            for promotion in next.verifying {
                agenda.request(
                    Promoted(project: entry.project, promotion: promotion, isVerification: true)
                )
            }
            for proposal in next.commands { try await carryOut(proposal, for: entry) }
        }
    }

    private func carryOut(_ proposal: ProposedCommand, for entry: Agenda.Entry) async throws {
        let envelope = proposal.envelope()
        guard !agenda.isParked(envelope.id, of: entry) else { return }
        switch try await ledger.execute(envelope) {
        case .accepted(let receipt) where !receipt.isDuplicate:
            try notice()
        case .accepted, .conflict:
            agenda.park(envelope.id, of: entry)
        case .quiet:
            break
        case .refused(let refusal):
            agenda.park(envelope.id, of: entry)
            tell("\(proposal.subject): \(refusal)")
        }
    }

    /// Lists what the events since the last look concern, whoever recorded them; tells of those
    /// that automation recorded.
    func notice() throws {
        let seen = agenda.seen
        let (entries, lines, last) = try ledger.read { (view) throws(LedgerError) in
            var entries: Set<Agenda.Entry> = []
            var lines: [String] = []
            try view.forEachEvent(from: seen.next) { (event) throws(LedgerError) in
                guard let payload = event.event else { return true }
                let project = ProjectName(unchecked: event.header.project)
                let subjects = try view.ask { facts throws(FactsFailure) in
                    try facts.dependents(of: payload, in: project)
                }
                entries.formUnion(subjects.map { Agenda.Entry(project: project, subject: $0) })
                guard event.header.actor.assurance == .automation else { return true }
                if event.header.actor.name == "runner" {
                    lines += try view.ask { facts throws(FactsFailure) in
                        let then = facts.asOf(event.header.position)
                        return try Self.linesOfEnd(payload, then, in: project)
                    }
                } else if let line = Narrator.line(event) {
                    lines.append(line)
                }
                return true
            }
            return (entries, lines, view.moment.position)
        }
        agenda.seen = max(seen, last)
        // In order, so that the same facts lead to the same commands in the same order.
        agenda.add(entries.sorted())
        for line in lines { tell(line) }
    }

    /// Lists all there is, as of now.
    func lookAtEverything() throws {
        let (entries, last) = try ledger.read { (view) throws(LedgerError) in
            let entries = try view.ask { facts throws(FactsFailure) in
                var entries: [Agenda.Entry] = []
                for project in try facts.projects() {
                    let warehouses = try facts.warehouses(in: project).map { Subject.warehouse($0) }
                    let stages = try facts.stages(in: project).map { Subject.stage($0) }
                    let junctions = try facts.junctions(in: project).map { Subject.junction($0) }
                    for subject in warehouses + stages + junctions {
                        entries.append(Agenda.Entry(project: project, subject: subject))
                    }
                }
                return entries
            }
            return (entries, view.moment.position)
        }
        agenda.seen = last
        agenda.add(entries.sorted())
    }
}
