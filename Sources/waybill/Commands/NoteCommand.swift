import ArgumentParser
import Requests

struct NoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Write something down about a thing, for whoever looks at it later.",
        discussion: """
            'waybill describe' shows a thing's notes, and 'waybill audit --type NoteRecorded' \
            all.

            For example: waybill note stage/prod 'customers saw errors from 02:10 to 02:40'
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(
        help: "The thing, such as stage/prod, freight/2026.47 or project/shop.",
        completion: Completions.subjects
    )
    var subject: String

    @Argument(help: "What to write down, 1 to 16384 bytes.")
    var text: String

    func validate() throws {
        guard change.reason == nil else {
            throw ValidationError("A note has no reason beside its text; write it there.")
        }
    }

    private var asked: NoteChange {
        var asked = NoteChange()
        asked.subject = subject
        asked.text = text
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
