import ArgumentParser
import Requests

struct RoleList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Who has which roles; with --project, those that hold there.",
        discussion: "For example: waybill role list --project shop"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    func run() async throws {
        try await CommandClient(asking: options).answer(RolesQuestion().of(moment, paging))
    }
}
