import ArgumentParser
import Ledger
import Requests

/// Which part of a list is wanted.
struct PageOptions: ParsableArguments {
    @Option(name: .customLong("limit"), help: "At most so many, up to 100000. (default: 100)")
    var saidLimit: Int?

    @Option(help: "What comes behind this cursor: the 'next' of the page before.")
    var after: String?

    func validate() throws {
        guard (1...Paging.limitMax).contains(paging.limit) else {
            throw ValidationError("--limit must be 1 to \(Paging.limitMax).")
        }
    }

    /// What was asked for.
    var paging: Paging { Paging(limit: saidLimit, after: after) }
}
