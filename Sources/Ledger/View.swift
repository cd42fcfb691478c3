package import EventLog
package import PromotionModel

/// Everything that the ledger knows at one moment.
///
/// Valid in the closure that it is handed to.
package struct View {
    /// What was so.
    package let facts: StoreFacts
    /// The moment itself.
    package let moment: Moment
    /// The log, for the events up to the moment.
    package let snapshot: LogSnapshot

    init(facts: StoreFacts, moment: Moment, snapshot: LogSnapshot) {
        self.facts = facts
        self.moment = moment
        self.snapshot = snapshot
    }

    /// Runs a question to the facts; their failure becomes the ledger's.
    package func ask<T>(
        _ question: (StoreFacts) throws(FactsFailure) -> T
    ) throws(LedgerError) -> T {
        do throws(FactsFailure) { return try question(facts) } catch { throw .facts(error) }
    }

    /// The rule of availability at this moment.
    package func availabilityRule(in project: ProjectName) -> AvailabilityRule<StoreFacts> {
        AvailabilityRule(facts: facts, project: project, now: moment.time)
    }

    /// The rule of what comes next at this moment.
    package func nextStepsRule(in project: ProjectName) -> NextStepsRule<StoreFacts> {
        NextStepsRule(facts: facts, project: project, now: moment.time)
    }
}
