import EventLog
import Ledger
import PromotionModel

/// Carrying out what the rules call for.
extension Conductor {
    /// What settling came to.
    struct Settled {
        var wakeAt: Timestamp?
    }

    /// Carries out what the rules call for, until they call for nothing more.
    func settle() async throws -> Settled {
        // In order, so that the same facts lead to the same commands in the same order.
        var agenda = try everything().sorted()
        var waiting = Set(agenda)
        var index = 0
        var settled = Settled()
        while index < agenda.count {
            let entry = agenda[index]
            index += 1
            waiting.remove(entry)
            let next = try ledger.read { (view) throws(LedgerError) in
                try view.ask { _ throws(FactsFailure) in
                    try view.nextStepsRule(in: entry.project).nextSteps(for: entry.subject)
                }
            }
            settled.wakeAt = [settled.wakeAt, next.wakeAt].compactMap { $0 }.min()
            for proposal in next.commands {
                let concerned = try await carryOut(proposal).subtracting(waiting)
                waiting.formUnion(concerned)
                agenda += concerned.sorted()
            }
        }
        return settled
    }

    struct Entry: Hashable, Comparable {
        let project: ProjectName
        let subject: Subject

        static func < (left: Entry, right: Entry) -> Bool {
            (left.project, left.subject) < (right.project, right.subject)
        }
    }

    private func carryOut(_ proposal: ProposedCommand) async throws -> Set<Entry> {
        let envelope = proposal.envelope()
        guard !parked.contains(envelope.id) else { return [] }
        switch try await ledger.execute(envelope) {
        case .accepted(let receipt) where receipt.isDuplicate:
            parked.insert(envelope.id)
            return []
        case .accepted(let receipt):
            parked.removeAll()
            return try concerned(receipt)
        case .quiet:
            return []
        case .refused(let refusal):
            parked.insert(envelope.id)
            tell("\(proposal.subject): \(refusal)")
            return []
        case .conflict:
            parked.insert(envelope.id)
            return []
        }
    }

    /// What the events of a receipt concern; tells of them.
    func concerned(_ receipt: Receipt) throws -> Set<Entry> {
        let (entries, lines) = try ledger.read { (view) throws(LedgerError) in
            var entries: Set<Entry> = []
            var lines: [String] = []
            for number in receipt.first.rawValue...receipt.last.rawValue {
                let event = try view.event(at: Position(rawValue: number))
                guard let payload = event.event else { continue }
                let project = ProjectName(unchecked: event.header.project)
                let subjects = try view.ask { facts throws(FactsFailure) in
                    try facts.dependents(of: payload, in: project)
                }
                entries.formUnion(subjects.map { Entry(project: project, subject: $0) })
                if let line = Narrator.line(event) { lines.append(line) }
            }
            return (entries, lines)
        }
        for line in lines { tell(line) }
        return entries
    }

    private func everything() throws -> Set<Entry> {
        try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                var entries: Set<Entry> = []
                for project in try facts.projects() {
                    let warehouses = try facts.warehouses(in: project).map { Subject.warehouse($0) }
                    let stages = try facts.stages(in: project).map { Subject.stage($0) }
                    let junctions = try facts.junctions(in: project).map { Subject.junction($0) }
                    for subject in warehouses + stages + junctions {
                        entries.insert(Entry(project: project, subject: subject))
                    }
                }
                return entries
            }
        }
    }
}
