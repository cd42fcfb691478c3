import EventLog

/// That freight would replace a component with something made earlier than what another
/// requested origin put in: a bundle that takes a hotfix back (design 7.4).
package struct Regression: Hashable, Sendable {
    package let component: Origin
    /// What runs.
    package let runs: FreightID
    /// What would run.
    package let would: FreightID
}

extension Facts {
    /// The first component that `freight` would take back in a stage; nil if there is none.
    ///
    /// The one rule: a promotion by hand is refused by it, automation proposes nothing against it.
    package func regression(
        of freight: Freight,
        in state: StageState,
        of project: ProjectName
    ) throws(FactsFailure) -> Regression? {
        for leaf in freight.leaves {
            guard let running = state.current?[origin: leaf.origin],
                running.requestedOrigin != freight.origin, running.freight != leaf.freight
            else { continue }
            guard let old = try self.freight(running.freight, in: project),
                let new = try self.freight(leaf.freight, in: project)
            else { throw .inconsistent("\(leaf.origin) of freight \(freight.id) is not there") }
            if new.created < old.created {
                return Regression(component: leaf.origin, runs: old.id, would: new.id)
            }
        }
        return nil
    }
}
