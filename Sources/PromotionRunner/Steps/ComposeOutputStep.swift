import Expressions
import PromotionModel

/// `compose-output`: gives what its configuration says.
///
/// In a task the outputs are also found under the task's own alias.
struct ComposeOutputStep: ConfiguredStep {
    private var values: [String: Value] = [:]

    static let text = StepText(
        summary: "gives what its configuration says; in a task, under the task's alias too",
        givesWhatItIsTold: true,
        example: """
            - uses: compose-output
              as: result
              config:
                commit: ${{ outputs.commit.commit }}
                url: https://dashboard.example.com/${{ ctx.stage }}
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.everything(&values, "an output of that name")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        .succeeded(values)
    }
}
