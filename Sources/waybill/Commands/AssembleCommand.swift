import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct AssembleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assemble",
        abstract: "Make freight by hand, or freight that differs from other freight: a hotfix.",
        discussion: """
            With --warehouse, subscriptions that no --set names take what they would take now; so \
            without --set freight is made of the present candidates. With --from, what no --set \
            names stays as it is; from a bundle a bundle is made, and the freight that is new in it.

            A version is one that was discovered: a tag, a commit id or its first 7 digits, a \
            digest, a chart's version. Any other is looked up in the git repository: a tag, a \
            branch, a commit. Of images it is written in full: TAG@sha256:DIGEST.

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

    func validate() throws {
        guard (warehouse == nil) != (from == nil) else {
            throw ValidationError("Give either --warehouse or --from.")
        }
        guard from == nil || !set.isEmpty else {
            throw ValidationError("Say with --set what is to differ from --from.")
        }
        for text in set where choice(text) == nil {
            throw ValidationError("\(text.quotedForDisplay) is no ARTIFACT=VERSION.")
        }
    }

    func run() async throws {
        let session = try Session(options, change)
        let project = try session.project()
        var envelope = try change.envelope(try command(in: project))
        if !discovered {
            let outside = try Outside(session.ledger, allowFileRepositories: allowFileRepos)
            envelope = try await VersionLookup(session: session, outside: outside, project: project)
                .resolving(envelope)
        }
        try await session.execute(
            envelope,
            change,
            quiet: { view in
                guard let id = try view.freightMade(by: envelope) else { return .nothing }
                let project = try options.projectName(view.facts)
                let name = try Display(view: view, project: project).name(id)
                return Quiet(
                    sentence: "That is freight \(name) (\(id.short)), and it is there already.",
                    members: ["freight": ["id": .string(id.rawValue), "alias": .string(name)]]
                )
            }
        ) { _, events in
            Narrator.tell(events)
        }
    }

    private func command(in project: ProjectName) throws -> Command {
        let versions = set.compactMap(choice)
        if let from {
            return .deriveFreight(
                DeriveFreight(project: project, freight: from, versions: versions)
            )
        }
        let name = try Names.warehouse(warehouse ?? "")
        guard !versions.isEmpty else {
            return .createFreight(CreateFreight(project: project, warehouse: name))
        }
        return .assembleFreight(
            AssembleFreight(project: project, warehouse: name, versions: versions)
        )
    }

    /// What stands before and behind the last `=`: a URL may have one, a version does not.
    private func choice(_ text: String) -> VersionChoice? {
        guard let equals = text.lastIndex(of: "=") else { return nil }
        let artifact = String(text[..<equals])
        let version = String(text[text.index(after: equals)...])
        guard !artifact.isEmpty, !version.isEmpty else { return nil }
        return VersionChoice(artifact: artifact, version: .named(version))
    }
}
