import PromotionModel
import PromotionRunner

/// What is no error in manifests, and will be one when it is promoted.
enum ManifestWarnings {
    /// A line for each of them.
    static func lines(of resources: [Resource], besideLedgerAt path: String) -> [String] {
        steps(resources) + KeyWarnings.lines(of: resources, besideLedgerAt: path)
    }

    /// Steps that this version cannot perform are no error before they are promoted: Kargo's
    /// users have steps of their own.
    private static func steps(_ resources: [Resource]) -> [String] {
        var lines: [String] = []
        for resource in resources {
            let (title, steps): (Subject, [StepTemplate]) =
                switch resource.specification {
                case .stage(let name, let spec):
                    (.stage(name), spec.steps + (spec.verification?.steps ?? []))
                case .task(let name, let spec): (.task(name), spec.steps)
                case .clusterTask(let name, let spec): (.clusterTask(name), spec.steps)
                case .project, .projectConfig, .warehouse, .junction, .cluster: (.cluster, [])
                }
            for step in steps where step.task == nil {
                guard let problem = KnownSteps.problem(with: step.uses) else { continue }
                let whose = title.kind == .stage ? "promoting to it" : "promotions with it"
                lines.append("warning: \(title): \(problem); \(whose) will fail")
            }
        }
        return lines
    }
}
