import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct BookmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bookmark",
        abstract: "Give a moment a name, which can then be said for it: @NAME.",
        discussion: """
            The same name again moves the bookmark; 'waybill get bookmarks' lists them.
            For example: waybill bookmark before-the-freeze --at "2h ago"
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The bookmark's name: up to 63 lower-case letters, digits, - and '.'.")
    var name: String

    func run() async throws {
        let session = try Session(options, change)
        var position: Position?
        if moment.at != nil {
            position = try session.read(at: try moment.reference()) { view, _ in
                view.moment.position
            }
        }
        let bare = name.hasPrefix("@") ? String(name.dropFirst()) : name
        let command = SetBookmark(
            project: try session.project(),
            name: bare,
            position: position
        )
        try await session.execute(
            .setBookmark(command),
            change,
            quiet: "Bookmark \(bare.quotedForDisplay) is there already."
        ) { _, events in
            Narrator.tell(events)
        }
    }
}
