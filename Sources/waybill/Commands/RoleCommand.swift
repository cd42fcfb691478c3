import ArgumentParser

struct RoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Who may do what on a server.",
        discussion: "For example: waybill role list",
        subcommands: [RoleGrantCommand.self, RoleList.self, RoleRevoke.self]
    )
}

/// A role, as it is written.
enum RoleName: String, ExpressibleByArgument, CaseIterable {
    case viewer, promoter, approver, admin
}

/// Where a role holds, besides --project.
struct RoleScopeOptions: ParsableArguments {
    @Flag(help: "The role holds in all projects, those that come later too.")
    var allProjects = false
}
