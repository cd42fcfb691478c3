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

    /// The same failure, with what it says of documents in other words.
    package func told(_ words: (String) -> String) -> CommandFailure {
        let told = details.map { name, value in
            let texts = value.arrayValue?.compactMap(\.stringValue)
            return (name, texts.map { Value.array($0.map { .string(words($0)) }) } ?? value)
        }
        return CommandFailure(exitCode, self.name, words(message), details: told)
    }
}
