package import Manifests
import Expressions

extension CommandFailure {
    /// What is wrong with documents, all of it.
    package init(_ problems: [ManifestProblem]) {
        self.init(
            .refused,
            "manifestProblems",
            problems.map { "\($0)" }.joined(separator: "\n"),
            details: [("problems", .array(problems.map { .string("\($0)") }))]
        )
    }
}
