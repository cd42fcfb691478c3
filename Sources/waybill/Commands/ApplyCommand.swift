import ArgumentParser
import EventLog
import Ledger
import Manifests
import PromotionModel
import PromotionRunner

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Configure projects, warehouses, junctions and stages from manifests.",
        discussion: """
            Of a folder the .yaml, .yml and .json files are read, not those further down; a file \
            has at most 32 MiB. All documents are one command: either all of them are applied, \
            or none (exit code 3).

            All problems of single documents are told at once, with file, line, column and \
            field; where there are none, all problems of the whole graph. Two documents of the \
            same thing are a problem. Documents of other API groups are skipped with a notice. A \
            step that this version does not know gives a warning; promoting to that stage will \
            end errored.

            What the documents do not name stays as it is. With --prune the stages, junctions \
            and warehouses of their projects that no document names are deleted with it, and a \
            project of which there is no ProjectConfig loses its policies.

            Kinds: Project, ProjectConfig, Warehouse, Stage of kargo.akuity.io/v1alpha1; \
            Junction of waybill.dev/v1alpha1. See docs/MODEL.md#what-this-version-does-not-do \
            for what they may not say.

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
        try await session.execute(
            .applyManifests(ApplyManifests(resources: resources, prune: prune)),
            change,
            quiet: "Nothing changed: all \(resources.count) documents are applied already."
        ) { _, events in
            Narrator.tell(events)
        }
    }

    /// Steps that this version cannot perform are no error before they are promoted: Kargo's
    /// users have steps of their own.
    private func warnAboutSteps(_ resources: [Resource]) {
        for resource in resources {
            guard case .stage(let name, let spec) = resource.specification else { continue }
            for step in spec.steps {
                guard let problem = KnownSteps.problem(with: step.uses) else { continue }
                StandardError.write("warning: stage/\(name): \(problem); promoting to it will fail")
            }
        }
    }
}
