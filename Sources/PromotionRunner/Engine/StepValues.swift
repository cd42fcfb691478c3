import Expressions
import PromotionModel

/// What the templates of one step evaluate to.
struct StepValues {
    private let job: PromotionJob
    private let progress: StepProgress
    private let index: Int
    private let planned: PlannedStep
    /// Where the pages are; empty where there are none.
    private let pagesURL: String
    private let sources: StepSources
    private let secrets: SecretUse

    init(
        job: PromotionJob,
        progress: StepProgress,
        index: Int,
        sources: StepSources = StepSources(),
        secrets: SecretUse = SecretUse(),
        pagesURL: String = ""
    ) {
        self.sources = sources
        self.secrets = secrets
        self.pagesURL = pagesURL
        self.job = job
        self.progress = progress
        self.index = index
        planned = job.state.plan[index]
    }

    /// What the step's expressions can name, by name.
    func variables(of template: StepTemplate) throws(StepError) -> [String: Value] {
        try environment(of: template).variables
    }

    /// Why the step is not performed; nil if it is.
    ///
    /// Without a condition it is skipped iff an earlier step failed whose failure counts.
    func reasonToSkip(_ template: StepTemplate) throws(StepError) -> String? {
        guard let condition = template.condition, !condition.isEmpty else {
            return progress.hasFailed(before: index) ? "an earlier step did not succeed" : nil
        }
        let environment = try environment(of: template)
        let value = try Self.evaluate("if", condition, in: environment)
        guard case .bool(let holds) = value else {
            throw .wrong("if: the condition must come to true or false, not \(value.kindName)")
        }
        return holds ? nil : "its condition does not hold"
    }

    /// The step's configuration with its templates evaluated.
    func configuration(of template: StepTemplate) throws(StepError) -> Value {
        // Without one, what must be there is missing, and nothing is wrong with its form.
        guard template.config != .null else { return [:] }
        let environment = try environment(of: template)
        do {
            return try template.config.evaluatingTemplates(in: environment)
        } catch {
            throw .wrong("config: \(error)")
        }
    }

    /// Variables of the stage, its template and the step, each of which sees those before it.
    private func environment(of template: StepTemplate) throws(StepError) -> StepEnvironment {
        var environment = StepEnvironment(
            job: job,
            progress: progress,
            index: index,
            sources: sources,
            secrets: secrets
        )
        environment.variables = [
            "ctx": JobValues.context(job, alias: planned.alias, pagesURL),
            "components": .array(job.components.map(FreightValues.component)),
        ]
        if let origin = planned.component {
            let component = job.components.first { $0.change.origin == origin }
            environment.variables["component"] = component.map(FreightValues.component)
        }
        var vars: [String: Value] = [:]
        func add(_ variables: [Variable]) throws(StepError) {
            for variable in variables {
                environment.variables["vars"] = .object(vars)
                let place = "vars.\(variable.name)"
                vars[variable.name] = try Self.evaluate(place, variable.value, in: environment)
            }
        }
        try add(job.promotion.vars)
        try add(job.promotion.templateVars)
        environment.variables["outputs"] = .object(progress.outputs)
        environment.variables["stepMetas"] = progress.metadata(before: index)
        if let outputs = progress.taskOutputs(at: index) {
            environment.variables["task"] = ["outputs": outputs]
        }
        try add(template.vars)
        environment.variables["vars"] = .object(vars)
        environment.knowsStatus = true
        return environment
    }

    private static func evaluate(
        _ place: String,
        _ text: String,
        in environment: StepEnvironment
    ) throws(StepError) -> Value {
        do {
            return try Template(parsing: text).evaluate(in: environment)
        } catch {
            throw .wrong("\(place): \(error)")
        }
    }
}
