import ArgumentParser
import EventLog
import Ledger
import Manifests
import PromotionModel
import PromotionRunner

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Configure projects, warehouses, junctions, stages and tasks from manifests.",
        discussion: """
            Of a folder the .yaml, .yml and .json files are read, not those further down; a file \
            has at most 16 MiB. All documents are one command: either all of them are applied, \
            or none (exit code 3).

            All problems of single documents are told at once, with file, line, column and \
            field; where there are none, all problems of the whole graph. Two documents of the \
            same thing are a problem. Documents of other API groups are skipped with a notice. A \
            step that this version does not know gives a warning; promoting to that stage will \
            end errored.

            What the documents do not name stays as it is. With --prune the stages, junctions, \
            warehouses and tasks of their projects that no document names are deleted with it, \
            and a project of which there is no ProjectConfig loses its policies.

            With --dry-run it shows what would become of each resource (created, changed, \
            unchanged, pruned), of a changed one each field that differs (+, -, ~), and the \
            events.

            See docs/MANIFESTS.md for every kind and field, and \
            docs/MODEL.md#what-this-version-does-not-do for what they may not say yet.

            For example: waybill apply -f shop/ --prune
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Option(
        name: .shortAndLong,
        help: "A file, a folder, or - for standard input; may be repeated."
    )
    var file: [String]

    @Flag(help: "Delete what the projects of the documents have and no document names.")
    var prune = false

    func run() async throws {
        let resources = try ManifestFiles.read(file)
        warnAboutSteps(resources)
        KeyWarnings.tell(of: resources, besideLedgerAt: options.path)
        let session = try Session(options, change)
        let preview = try change.dryRun ? self.preview(of: resources, session) : nil
        let sentence = "Nothing changed: all \(resources.count) documents are applied already."
        try await session.execute(
            try change.envelope(
                .applyManifests(ApplyManifests(resources: resources, prune: prune))
            ),
            change,
            quiet: { _ in
                var quiet = Quiet(sentence: sentence)
                for (name, value) in preview?.members ?? [] { quiet.members[name] = value }
                return quiet
            },
            preview: preview
        ) { _, events in
            Narrator.tell(events)
        }
    }

    private func preview(
        of resources: [Resource],
        _ session: Session
    ) throws -> Session.Preview {
        try session.read { view, _ in
            let preview = try ManifestPreview(of: resources, prune: prune, view)
            return Session.Preview(
                text: preview.text,
                members: [("resources", preview.value)],
                showsEvents: true
            )
        }
    }

    /// Steps that this version cannot perform are no error before they are promoted: Kargo's
    /// users have steps of their own.
    private func warnAboutSteps(_ resources: [Resource]) {
        for resource in resources {
            let (title, steps): (Subject, [StepTemplate]) =
                switch resource.specification {
                case .stage(let name, let spec):
                    (.stage(name), spec.steps + (spec.verification?.steps ?? []))
                case .task(let name, let spec): (.task(name), spec.steps)
                case .clusterTask(let name, let spec): (.clusterTask(name), spec.steps)
                case .project, .projectConfig, .warehouse, .junction, .cluster: (.cluster, [])
                }
            for step in steps where step.task == nil {
                guard let problem = KnownSteps.problem(with: step.uses) else { continue }
                let whose = title.kind == .stage ? "promoting to it" : "promotions with it"
                StandardError.write("warning: \(title): \(problem); \(whose) will fail")
            }
        }
    }
}
