import ArgumentParser
import Requests
import LMDB

struct LedgerInfo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Size, root and store of the ledger.",
        discussion: """
            Id, path, events, root, time of the last event, bytes, readers.

            For example: waybill ledger info
            """
    )

    @OptionGroup var options: LedgerOptions

    func run() async throws {
        try await CommandClient(asking: options).answer(LedgerQuestion())
    }
}
