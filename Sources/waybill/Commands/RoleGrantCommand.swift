import ArgumentParser
import Requests

struct RoleGrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Give somebody a role in a project, or in all of them.",
        discussion: """
            A viewer sees the project. A promoter moves freight to stages and junctions, all or \
            those that --stage names, rolls back, aborts, resumes and reports. An approver says \
            where freight may go: approve, revoke, quarantine. An admin may do everything. The \
            same role again replaces its stages. docs/ACCESS.md has the whole table.

            For example: waybill role grant promoter token/ci --project shop --stage 'test-*'
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var scope: RoleScopeOptions

    @Argument(help: "The role: viewer, promoter, approver or admin.")
    var role: RoleName

    @Argument(help: "Who has it: token/NAME, user/NAME or group/NAME.")
    var principal: String

    @Option(
        name: .customLong("stage"),
        help: "Stages and junctions of a promoter, such as 'prod-*'; may be repeated."
    )
    var stages: [String] = []

    func run() async throws {
        var asked = RoleGrantChange()
        asked.role = role.rawValue
        asked.principal = principal
        asked.project = options.project
        asked.allProjects = scope.allProjects
        asked.stages = stages
        if let sentence = asked.contradiction { throw CommandFailure.usage(sentence) }
        try await CommandClient(options, change).execute(asked, change)
    }
}
