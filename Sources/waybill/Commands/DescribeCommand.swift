import ArgumentParser
import Requests

struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Everything about one thing, its notes, and its last events.",
        discussion: """
            SUBJECT is KIND/NAME, of kind project, warehouse, stage, junction, task, \
            clustertask, freight, promotion, bookmark, cluster (cluster/cluster), or event \
            (event/#1234).

            A page: what it is, and tables of its components, queue, holds, slots, artifacts, \
            marks or steps; its last ten notes, and its last ten events. With -o json or yaml it \
            is what 'waybill get -o json' gives, and the notes.

            For example: waybill describe stage/prod
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(
        help: "The thing, such as stage/prod, freight/2026.47 or promotion/NAME.",
        completion: Completions.subjects
    )
    var subject: String

    func run() async throws {
        var question = DescriptionQuestion()
        question.subject = subject
        try await CommandClient(asking: options).answer(question.of(moment))
    }
}
