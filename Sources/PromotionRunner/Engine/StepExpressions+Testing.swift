package import Expressions
package import PromotionModel

/// What the expressions of one step of a job come to, without performing anything.
///
/// The engine asks the same of ``StepValues``; this is for those who only want to know: tests.
package struct StepExpressions {
    private let values: StepValues
    private let template: StepTemplate

    /// Of the step at `index` in the plan; what is known of the others is what the job says.
    package init(
        _ job: PromotionJob,
        at index: Int,
        sources: StepSources = StepSources(),
        pagesURL: String = ""
    ) {
        values = StepValues(
            job: job,
            progress: StepProgress(job),
            index: index,
            sources: sources,
            pagesURL: pagesURL
        )
        template = job.promotion.steps[Int(job.state.plan[index].template)]
    }

    /// Why the step is not performed; nil if it is.
    package func reasonToSkip() throws(StepError) -> String? {
        try values.reasonToSkip(template)
    }

    /// The step's configuration with its templates evaluated.
    package func configuration() throws(StepError) -> Value {
        try values.configuration(of: template)
    }

    /// What the step's expressions can name.
    package func variables() throws(StepError) -> [String: Value] {
        try values.variables(of: template)
    }
}
