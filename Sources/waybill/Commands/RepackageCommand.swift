import ArgumentParser
import Requests

struct RepackageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repackage",
        abstract: "Make one bundle of what a junction holds, or see what it would be.",
        discussion: """
            Where the junction's bundle holds the same already, another name for it is refused.

            With --preview it shows the next bundle and, for every stage that requests it, what \
            promoting it there would change, uncertain components included, what it would take \
            back, and why it waits. That appends nothing.

            For example: waybill repackage release --alias 2026.48
            or: waybill repackage release --preview --against uat
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The junction.", completion: Completions.junctions)
    var junction: String

    @Option(
        help: "The bundle's name, such as 2026.47: up to 63 lower-case letters, digits, - and '.'."
    )
    var alias: String?

    @Flag(help: "Show the next bundle, compared with every stage that would take it.")
    var preview = false

    @Option(
        help: "With --preview: compare with this stage too; may be repeated.",
        completion: Completions.stages
    )
    var against: [String] = []

    @Option(help: "With --preview: as of a moment: #1234, a time, \"2h ago\", @BOOKMARK.")
    var at: String?

    func validate() throws {
        guard at == nil || preview else { throw ValidationError("--at needs --preview.") }
        guard against.isEmpty || preview else {
            throw ValidationError("--against needs --preview.")
        }
    }

    func run() async throws {
        guard preview else {
            var asked = RepackagingChange()
            asked.junction = junction
            asked.alias = alias
            return try await CommandClient(options, change).execute(asked, change)
        }
        var question = PreviewQuestion()
        question.at = at
        question.junction = junction
        question.against = against
        try await CommandClient(asking: options).answer(question)
    }
}
