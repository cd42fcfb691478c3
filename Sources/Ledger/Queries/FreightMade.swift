import EventLog
package import PromotionModel

extension View {
    /// The freight that a command which makes freight comes to, whether it is there or not; nil for
    /// other commands, and for one that would be refused.
    package func freightMade(by envelope: CommandEnvelope) throws(LedgerError) -> FreightID? {
        let moment = DecisionMoment(recorded: moment.time, next: moment.position.next)
        let result = try ask { facts throws(FactsFailure) in
            try Decider(facts: facts, moment: moment, envelope: envelope).freightMade()
        }
        return try? result?.get()
    }
}
