import ArgumentParser
import Requests

struct BookmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bookmark",
        abstract: "Give a moment a name, which can then be said for it: @NAME.",
        discussion: """
            Without --at it names the last position. The same name again moves the bookmark; \
            'waybill get bookmarks' lists them. @NAME then means it wherever a moment is \
            written.

            For example: waybill bookmark before-the-freeze --at "2h ago"
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The bookmark's name: up to 63 lower-case letters, digits, - and '.'.")
    var name: String

    private var asked: BookmarkChange {
        var asked = BookmarkChange()
        asked.name = name
        asked.at = moment.at
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
