import EventLog
package import Ledger
package import PromotionModel

/// Which project is meant: the one that somebody named, or the only one that there is.
package struct ProjectChoice: Sendable {
    /// What somebody said; nil if nobody did.
    package let said: String?
    /// The projects that whoever asks sees; nil for all of them.
    ///
    /// Others are not there for him.
    package let seen: Set<ProjectName>?

    /// The choice of whoever said this, and sees these.
    package init(said: String?, seen: Set<ProjectName>? = nil) {
        self.said = said
        self.seen = seen
    }

    /// Whether events of a project, or of none if it is empty, are there for whoever asks.
    package func seesEvents(of project: String) -> Bool {
        seen?.contains(ProjectName(unchecked: project)) ?? true
    }

    /// Whether a project is there for whoever asks; what is of no project is there for all.
    package func sees(_ project: ProjectName) -> Bool {
        seen.map { $0.contains(project) || project == .cluster } ?? true
    }

    /// The project that somebody said is meant; nil if nobody did, or it cannot be one.
    package var saidProject: ProjectName? { said.flatMap { ProjectName(rawValue: $0) } }

    /// The project that somebody said is meant; nil if nobody did.
    ///
    /// - Throws: if it cannot be one.
    package func saidName() throws(CommandFailure) -> ProjectName? {
        guard let said else { return nil }
        guard let name = ProjectName(rawValue: said) else {
            throw .usage(
                "\(said.quotedForDisplay) cannot be the name of a project; "
                    + "see waybill get projects"
            )
        }
        return name
    }

    /// The project that is meant.
    package func name(_ facts: StoreFacts) throws(CommandFailure) -> ProjectName {
        if let name = try saidName() {
            let row = try failing { () throws(FactsFailure) in try facts.project(name) }
            guard row != nil, sees(name) else { throw CommandFailure(.unknownProject(name)) }
            return name
        }
        let projects = try failing { () throws(FactsFailure) in try facts.projects() }
            .filter(sees)
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
