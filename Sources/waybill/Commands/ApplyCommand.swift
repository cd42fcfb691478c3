import ArgumentParser
import Requests

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
        let found = try ManifestFiles.read(file)
        let caller = try CommandClient(options, change)
        for line in try await caller.warnings(of: found) { StandardError.write(line) }
        var asked = ManifestChange()
        asked.resources = found.resources
        asked.source = found.source
        asked.prune = prune
        asked.isTried = change.dryRun
        try await caller.execute(asked, change)
    }
}
