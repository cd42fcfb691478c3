import EventLog
import Expressions
import HTTPTypes
import Ledger
import LedgerAPI
import Logging
import PromotionModel
import Requests

extension Exchange {
    /// Has the sessions written down, so that they outlive the server; without, they end with it.
    func keepSessions() async {
        let signIns = core.access.signIns
        do {
            try await core.pool.run { try signIns.keep() }
        } catch {
            core.logger.warning("sessions end with this server, for they cannot be kept: \(error)")
        }
    }

    /// What whoever asks may; nothing where nobody knows who he is.
    var powers: Powers { caller?.powers ?? .none }

    /// Refuses whoever asks unless his roles allow a permission in a project.
    ///
    /// Of `nil` for the project it takes a role in all of them. A project that he does not see is
    /// not there for him: 404, with the sentence that there is no such project.
    ///
    /// - Throws: a `Problem` with status 401, 403 or 404.
    func require(
        _ permission: Permission,
        in project: ProjectName?,
        for target: Consumer? = nil
    ) throws {
        try require(Need(permission, in: project, for: target))
    }

    /// Refuses whoever asks unless his roles cover what is needed.
    ///
    /// - Throws: a `Problem` with status 401, 403 or 404.
    func require(_ need: Need) throws {
        guard let caller else { throw Access.notSignedIn }
        if caller.powers.allow(need) { return }
        // Whoever is nobody in particular may be somebody once he signs in.
        if caller.identity == .anonymous { throw Access.notSignedIn }
        if let project = need.project, !caller.powers.see(project) {
            throw CommandFailure(.unknownProject(project))
        }
        throw Problem(
            .forbidden,
            "roleNeeded",
            need.sentence(missingTo: caller.identity.principal),
            details: [
                ("role", .string(need.permission.roles.first?.name ?? Role.admin.name)),
                ("project", need.project.map { .string($0.rawValue) } ?? .null),
            ]
        )
    }

    /// Refuses whoever asks unless his roles cover all that a command needs.
    func require(_ command: Command) throws {
        // Whoever may everything is not held up by a look.
        guard powers != .everything else { return }
        let needs = try core.ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in try command.needs(facts) }
        }
        for need in needs { try require(need) }
    }

    /// The project of the path; nil if the path has none, or one that cannot be a name.
    var project: ProjectName? { names["project"].flatMap { ProjectName(rawValue: $0) } }

    /// Refuses whoever asks what the endpoint does not let him.
    func requireAdmission(_ admission: Endpoint.Admission) throws {
        switch admission {
        case .anybody: return
        case .signedIn:
            guard let caller, caller.identity != .anonymous else { throw Access.notSignedIn }
        case .reader:
            guard let caller else { throw Access.notSignedIn }
            guard let project else {
                // Lists leave out what he does not see; nobody without any role sees one.
                guard !caller.powers.grants.isEmpty else { return try require(.read, in: nil) }
                return
            }
            try require(.read, in: project)
        case .giver:
            guard let caller, caller.identity != .anonymous else { throw Access.notSignedIn }
            if let project { try require(.read, in: project) }
        case .administrator: try require(.administer, in: project)
        }
    }

    /// The choice of a project by its name, among those that whoever asks sees.
    func choice(of project: String?) -> ProjectChoice {
        ProjectChoice(said: project, seen: powers.seenProjects)
    }
}
