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
            All documents are one command: either all of them are applied, or none.
            With --prune the stages, junctions and warehouses of their projects that
            no document names are deleted with it, and a project of which there is no
            ProjectConfig loses its policies.
            For example: waybill apply -f shop/ --prune
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Option(name: .shortAndLong, help: "A file, a folder, or - for standard input.")
    var file: [String]

    @Flag(help: "Delete what the projects of the documents have and no document names.")
    var prune = false

    func run() async throws {
        let resources = try ManifestFiles.read(file)
        warnAboutSteps(resources)
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
