import ArgumentParser
import EventLog
import Ledger
import Manifests
import PromotionModel

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Configure projects, warehouses, junctions and stages from manifests.",
        discussion: """
            All documents are one command: either all of them are applied, or none.
            For example: waybill apply -f shop/
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Option(name: .shortAndLong, help: "A file, a folder, or - for standard input.")
    var file: [String]

    func run() async throws {
        let resources = try ManifestFiles.read(file)
        let session = try Session(options, change)
        try await session.execute(
            .applyManifests(ApplyManifests(resources: resources)),
            change,
            quiet: "Nothing changed: all \(resources.count) documents are applied already."
        ) { _, events in
            for event in events { Output.line("\(event.header.subject) configured") }
        }
    }
}
