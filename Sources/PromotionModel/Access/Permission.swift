/// What somebody wants to do, of which he needs a role that allows it.
///
/// This is the one table of who may do what; `docs/ACCESS.md` prints it.
package enum Permission: CaseIterable, Hashable, Sendable {
    /// Look at what there is and was.
    case read
    /// Write notes, and name moments.
    case annotate
    /// Move freight to a stage or junction, end that, and say how it went.
    case promote
    /// Make freight by hand, and name it.
    case assemble
    /// Give a step of a promotion what it waits for.
    case answer
    /// Say which freight may go where.
    case approve
    /// Configure, delete, and say who may what.
    case administer

    /// The roles that allow it, the least of them first.
    package var roles: [Role] {
        switch self {
        case .read: [.viewer, .promoter, .approver, .admin]
        case .annotate: [.promoter, .approver, .admin]
        case .promote: [.promoter, .admin]
        case .assemble: [.promoter, .admin]
        case .answer: [.promoter, .approver, .admin]
        case .approve: [.approver, .admin]
        case .administer: [.admin]
        }
    }

    /// What it is, for sentences: "to … needs the role".
    package var phrase: String {
        switch self {
        case .read: "to see this"
        case .annotate: "to write this down"
        case .promote: "to move freight"
        case .assemble: "to make or name freight"
        case .answer: "to answer what a promotion waits for"
        case .approve: "to say where freight may go"
        case .administer: "to do this"
        }
    }
}

/// What a request needs: a permission, where, and for which stage or junction.
package struct Need: Hashable, Sendable {
    package let permission: Permission
    /// The project; nil for what is of no project, which needs a role in all of them.
    package let project: ProjectName?
    /// The stage or junction that freight is moved to; nil where any will do.
    package let target: Consumer?

    /// The need of a permission in a project, or in all of them.
    package init(
        _ permission: Permission,
        in project: ProjectName?,
        for target: Consumer? = nil
    ) {
        self.permission = permission
        self.project = project == .cluster ? nil : project
        self.target = target
    }
}

extension Need {
    /// One sentence that names the role that is missing, and the command that grants it.
    ///
    /// `principal` is who asks, such as `token/ci`.
    package func sentence(missingTo principal: String) -> String {
        let place = project.map { "in project \($0)" } ?? "in all projects"
        let scope = project.map { "--project \($0)" } ?? "--all-projects"
        let role = permission.roles.first?.name ?? Role.admin.name
        let what = target.map { "\(permission.phrase) to \($0.subject)" } ?? permission.phrase
        let pattern = permission == .promote ? target.map { " --stage \($0.subject.name)" } : nil
        return "\(what) needs the role \(role) \(place); an admin grants it with waybill role "
            + "grant \(role) \(principal) \(scope)\(pattern ?? "")"
    }
}
