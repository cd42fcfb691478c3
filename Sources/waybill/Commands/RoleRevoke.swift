import ArgumentParser
import Requests

struct RoleRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take a role back.",
        discussion: "For example: waybill role revoke promoter token/ci --project shop"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var scope: RoleScopeOptions

    @Argument(help: "The role: viewer, promoter, approver or admin.")
    var role: RoleName

    @Argument(help: "Who has it: token/NAME, user/NAME or group/NAME.")
    var principal: String

    func run() async throws {
        var asked = RoleRevocationChange()
        asked.role = role.rawValue
        asked.principal = principal
        asked.project = options.project
        asked.allProjects = scope.allProjects
        if let sentence = asked.contradiction { throw CommandFailure.usage(sentence) }
        try await CommandClient(options, change).execute(asked, change)
    }
}
