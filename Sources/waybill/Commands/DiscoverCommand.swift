import ArgumentParser
import Requests

struct DiscoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Look at warehouses now, and record what is new there.",
        discussion: """
            Looks at the warehouses that are named, or at all of the project, whatever their \
            interval; records what is new, and tells it. Freight is made of what was found by \
            'waybill run', beside which it may be used, or by 'waybill assemble'.

            Beside a server it is the server that looks, as its --allow-file-repos says.

            Ends with 1 if a warehouse could not be looked at; the others are recorded all the \
            same. A --command-id is for one warehouse.

            For example: waybill discover checkout payments
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "Warehouses; all if none is named.", completion: Completions.warehouses)
    var warehouses: [String] = []

    @Flag(help: "Allow repositories on this machine (file:// and paths).")
    var allowFileRepos = false

    func validate() throws {
        guard change.commandId == nil || Set(warehouses).count == 1 else {
            throw ValidationError("--command-id is for one warehouse: name it.")
        }
    }

    func run() async throws {
        var asked = DiscoveryRequest()
        asked.warehouses = warehouses
        let allowed = allowFileRepos
        let caller = try CommandClient(options, change)
        try await caller.discover(asked, change) { ledger in
            let look = WarehouseLook(
                discovery: try Outside(ledger, allowFileRepositories: allowed).discovery()
            )
            return { try await look.perform($0, $1, $2) }
        }
    }
}
