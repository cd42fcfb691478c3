import ConformanceSupport
import Expressions
import PromotionModel
import PromotionRunner
import Testing

@Suite struct YAMLMergeConformance {
    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    @Test func `files are merged as Kargo merges them`() async throws {
        let file = try ConformanceFile("yaml-merge.json")
        var answers: [String: Value] = [:]
        for row in file.cases where row.operation != "commit-message" {
            answers[row.id] = try await answer(row)
        }
        let disagreements = file.run(comparing: isSame) { row in
            switch row.operation {
            case "merge", "step": return answers[row.id]
            case "commit-message":
                return .string(
                    CommitMessage.merged(
                        row.input.texts("inFiles"),
                        into: row.input.text("outFile")
                    )
                )
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    /// What the step leaves in the file, and says; nil where it does not succeed.
    private func answer(_ row: ConformanceFile.Case) async throws -> Value? {
        var config: [String: Value] = [
            "inFiles": row.input["inFiles"] ?? [], "outFile": row.input["outFile"] ?? "",
        ]
        config["ignoreMissingFiles"] = row.input["ignoreMissingFiles"]
        if row.input.texts("inFiles").isEmpty, row.operation == "merge" {
            // The step wants a file; what is merged out of none is asked of the function.
            guard !row.input.text("outFile").isEmpty else { return nil }
            return ["text": .string(try YAMLMerge.merged([]).isEmpty ? "" : "something")]
        }
        let outcome = try await StepTrial(workshop).perform(
            "yaml-merge",
            .object(config),
            files: row.input["files"]?.objectValue?.compactMapValues(\.stringValue) ?? [:],
            reading: row.input.text("outFile")
        )
        guard outcome.status == .succeeded, let text = outcome.text else { return nil }
        return [
            "status": "Succeeded",
            "text": .string(text),
            "document": (try? YAMLUpdate.value(at: [], in: Array(text.utf8))) ?? .null,
            "output": .object(outcome.outputs),
        ]
    }

    /// Whether everything that is expected was said.
    private func isSame(_ ours: Value, _ expected: Value) -> Bool {
        guard case .object(let members) = expected else { return ours.isSame(as: expected) }
        return members.allSatisfy { name, value in
            ours[name].map { $0.isSame(as: value) } ?? value.isNull
        }
    }
}

extension ConformanceFile.Case {
    /// What tells the case from the others of its file.
    var id: String { "\(operation) \(name)" }
}
