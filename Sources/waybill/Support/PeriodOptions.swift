import ArgumentParser
import Requests

/// A stage and a period.
struct PeriodOptions: ParsableArguments {
    @Option(help: "The stage, such as prod.", completion: Completions.stages)
    var stage: String

    @Option(help: "What happened after this moment; default the beginning.")
    var from: String?

    @Option(help: "What had happened by this moment, as it stood then; default now.")
    var to: String?

    /// `question` about this stage and period.
    func asked<Asked: PeriodRequest>(by question: Asked) -> Asked {
        var question = question
        question.stage = stage
        question.from = from
        question.to = to
        return question
    }
}
