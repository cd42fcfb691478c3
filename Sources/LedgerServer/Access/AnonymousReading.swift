import EventLog
package import PromotionModel

/// What anybody may read who can reach the server, without a token.
package enum AnonymousReading: Sendable, Hashable {
    case nothing
    /// These projects.
    case projects(Set<ProjectName>)
    /// Every project, those that come later too.
    case everything

    /// Nobody in particular, with what he may; nil where anybody may nothing.
    var caller: Caller? {
        let grants: [RoleGrant]
        switch self {
        case .nothing: return nil
        case .projects(let names): grants = names.sorted().map { RoleGrant(.viewer, in: $0) }
        case .everything: grants = [RoleGrant(.viewer, in: .cluster)]
        }
        return Caller(
            actor: EventActor(name: "anonymous", assurance: .asserted),
            identity: .anonymous,
            powers: Powers(grants)
        )
    }
}
