import ArgumentParser
import Requests

struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What differs between two stages, freight, or junctions, at any moments.",
        discussion: """
            Component by component, and the commits between. Each side is a stage, freight, or a \
            junction (what it would repackage now), KIND/NAME if the name alone is not clear, \
            with @MOMENT behind it if another is meant than --at says: prod@yesterday, \
            prod@#1234, 'prod@2h ago', prod@promotion/NAME; a bookmark with one @ or two.

            For example: waybill diff prod uat
            or: waybill diff prod@yesterday prod
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "From what.", completion: Completions.things)
    var left: String

    @Argument(help: "To what.", completion: Completions.things)
    var right: String

    func run() async throws {
        var question = DifferenceQuestion()
        question.from = left
        question.to = right
        try await CommandClient(asking: options).answer(question.of(moment))
    }
}
