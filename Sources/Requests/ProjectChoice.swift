import EventLog
package import Ledger
package import PromotionModel

/// Which project is meant: the one that somebody named, or the only one that there is.
package struct ProjectChoice: Sendable {
    /// What somebody said; nil if nobody did.
    package let said: String?

    /// The choice of whoever said this.
    package init(said: String?) {
        self.said = said
    }

    /// The project that somebody said is meant; nil if nobody did, or it cannot be one.
    package var saidProject: ProjectName? { said.flatMap { ProjectName(rawValue: $0) } }

    /// The project that is meant.
    package func name(_ facts: StoreFacts) throws(CommandFailure) -> ProjectName {
        if let said {
            guard let name = ProjectName(rawValue: said) else {
                throw .usage(
                    "\(said.quotedForDisplay) cannot be the name of a project; "
                        + "see waybill get projects"
                )
            }
            let row = try failing { () throws(FactsFailure) in try facts.project(name) }
            guard row != nil else { throw CommandFailure(.unknownProject(name)) }
            return name
        }
        let projects = try failing { () throws(FactsFailure) in try facts.projects() }
        guard let only = projects.first else {
            throw .notFound(
                "the ledger has no project at \(facts.position); apply a manifest with one: "
                    + "waybill apply -f FILE"
            )
        }
        guard projects.count == 1 else {
            throw .usage(
                "the ledger has \(projects.count) projects; say which with --project, see waybill "
                    + "get projects"
            )
        }
        return only
    }
}

/// Runs `body`, whose failures of facts become failures of the command.
private func failing<T>(
    _ body: () throws(FactsFailure) -> T
) throws(CommandFailure) -> T {
    do throws(FactsFailure) { return try body() } catch { throw CommandFailure(.facts(error)) }
}
