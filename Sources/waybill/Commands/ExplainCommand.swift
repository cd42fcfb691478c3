import ArgumentParser
import Requests

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why something does or does not happen, and what would change that.",
        discussion: """
            Every reason why something does or does not happen, with the commands that would \
            change it, and when it changes by itself. Begin with the stage that is not promoted; \
            where the cause lies elsewhere, the answer says what to explain next.

            Of a stage: what runs and waits, the verification that is open, what is uncertain; \
            what a step waits for, whether something else may take the place of what runs, what \
            the first in the queue waits for, a restore; then origin by origin whether \
            automation promotes its freight, and if not, why: held, not available, older, failed \
            before, no policy; and why there is no newer freight of it.

            Of freight: for each stage and junction that requests its origin, since when it may \
            have it, or every condition that does not hold. A page of them.

            Of a junction: that automation is about to make a bundle, or each reason why it does \
            not; then slot by slot what is collected next, or why it holds what it holds.

            Of a promotion: its place in the queue and what goes before it, the step that it is \
            at and what that waits for, or how it ended, and what brings its freight to the \
            stage all the same.

            Of a warehouse: since when and why it cannot be looked at, what each subscription \
            takes and found, and why no freight is made of that.

            Asked about now, it says too if no process runs the automation of the ledger.

            For example: waybill explain stage/prod
            or: waybill explain freight/2026.47
            or: waybill explain warehouse/web
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    @Argument(
        help: "A stage, freight, junction, promotion or warehouse: stage/prod, freight/2026.47.",
        completion: Completions.explainable
    )
    var subject: String

    func run() async throws {
        var question = ExplanationQuestion()
        question.subject = subject
        try await CommandClient(asking: options).answer(question.of(moment, paging))
    }
}
