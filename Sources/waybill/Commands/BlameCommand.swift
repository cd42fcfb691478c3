import ArgumentParser
import Requests

struct BlameCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blame",
        abstract: "Who put each component into a stage, when and why.",
        discussion: """
            For each component: version, what brought it, the promotion that put it in, who, \
            when and why; and components that are uncertain, whether something runs of them or \
            not.

            For example: waybill blame prod
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "The stage.", completion: Completions.stages)
    var stage: String

    func run() async throws {
        var question = BlameQuestion()
        question.stage = stage
        try await CommandClient(asking: options).answer(question.of(moment))
    }
}
