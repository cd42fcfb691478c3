import ArgumentParser
import Expressions
import LedgerClient
import Requests

struct LoginLinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login-link",
        abstract: "Print another link that signs a browser in once.",
        discussion: """
            The link is good for one browser and 24 hours. It is made by the server that runs on \
            the ledger here, through its socket, or by the one that --server names.

            For example: waybill login-link
            """
    )

    @OptionGroup var options: LedgerOptions

    func run() async throws {
        let address: ServerAddress
        if let named = try options.serverAddress() {
            address = named
        } else if let socket = LedgerSocket(in: try options.path) {
            address = ServerAddress(socket: socket, actor: nil)
        } else {
            throw CommandFailure.notFound(
                "nobody serves the ledger in \(options.directory); start waybill serve, which "
                    + "prints such a link"
            )
        }
        let desk = RemoteDesk(address, options.choice, options.output.form)
        let link = try await desk.value(to: .ofLedger("login-links"))
        guard !options.isStructured else { return options.show(link) }
        Output.line(link["url"]?.stringValue ?? "")
    }
}
