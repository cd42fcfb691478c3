import EventLog
package import PromotionModel

extension View {
    /// Everything that a runner needs to perform a promotion; nil if it was not started.
    package func job(
        for name: PromotionName,
        in project: ProjectName
    ) throws(LedgerError) -> PromotionJob? {
        let start = try ask { facts throws(FactsFailure) in
            try facts.start(of: name, in: project)
        }
        guard let start else { return nil }
        let anchor = try anchor(at: start)
        return try ask { facts throws(FactsFailure) in
            try facts.job(for: name, in: project, anchor: anchor)
        }
    }

    /// Everything that a runner needs to verify what a promotion made its stage run; nil if no
    /// verification with steps is open about it.
    package func verificationJob(
        for name: PromotionName,
        in project: ProjectName
    ) throws(LedgerError) -> VerificationJob? {
        let opened = try ask { facts throws(FactsFailure) -> Position? in
            guard let promotion = try facts.promotion(name, in: project) else { return nil }
            return try facts.stageState(promotion.stage, in: project).verification?.position
        }
        guard let opened else { return nil }
        let anchor = try anchor(at: opened)
        return try ask { facts throws(FactsFailure) in
            try facts.verificationJob(for: name, in: project, anchor: anchor)
        }
    }

    /// The log as it was after an event.
    private func anchor(at position: Position) throws(LedgerError) -> LogAnchor {
        let root = try fromLog { () throws(EventLogError) in try snapshot.root(at: position) }
        return LogAnchor(ledger: snapshot.id, size: position.rawValue, root: root)
    }
}
