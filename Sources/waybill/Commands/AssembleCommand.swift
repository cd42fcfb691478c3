import ArgumentParser
import Requests

struct AssembleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assemble",
        abstract: "Make freight by hand, or freight that differs from other freight: a hotfix.",
        discussion: """
            With --warehouse, subscriptions that no --set names take what they would take now; \
            so without --set freight is made of the present candidates, which is how it is made \
            where freightCreationPolicy is Manual. With --from, what no --set names stays as it \
            is; from a bundle a bundle is made, and the freight that is new in it. Where several \
            constituents have the artifact, write Warehouse/NAME:ARTIFACT.

            A version is one that was discovered: a tag, a commit id or seven or more digits of \
            it, a digest, a chart's version. Any other is looked up in the git repository: a \
            tag, a branch (its newest commit), a commit id or seven or more digits of it; a \
            commit id of 40 digits is taken as it is. Of images it is written in full: \
            TAG@sha256:DIGEST.

            What the repository does not have is refused (exit code 3); a repository that cannot \
            be read is a failure (1). Where the freight is there already, nothing happens and \
            the answer says which it is.

            For example: waybill assemble --from 2026.47 --set \
            https://git.example.com/shop/payments.git=4f1c2ab
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Option(help: "The warehouse to make freight of.")
    var warehouse: String?

    @Option(
        help: "The freight to begin with, by alias or at least six digits of its id.",
        completion: Completions.freight
    )
    var from: String?

    @Option(
        help: ArgumentHelp(
            "A subscription's name or a repository, and its version; may be repeated.",
            valueName: "artifact=version"
        )
    )
    var set: [String] = []

    @Flag(help: "Take only versions that were discovered; no repository is asked.")
    var discovered = false

    @Flag(help: "Allow looking up versions in repositories on this machine.")
    var allowFileRepos = false

    private var asked: AssemblyChange {
        var asked = AssemblyChange()
        asked.warehouse = warehouse
        asked.from = from
        asked.set = set
        asked.discovered = discovered
        return asked
    }

    func validate() throws {
        if let sentence = asked.contradiction { throw ValidationError(sentence) }
    }

    func run() async throws {
        let allowed = allowFileRepos
        let caller = try CommandClient(options, change) { ledger in
            let lookup = VersionLookup(
                ledger: ledger,
                outside: try Outside(ledger, allowFileRepositories: allowed)
            )
            return { try await lookup.resolving($0, in: $1) }
        }
        try await caller.execute(asked, change)
    }
}
