import ConformanceSupport
import Expressions
import PromotionModel
import PromotionRunner
import Testing

@Suite struct TOMLUpdateConformance {
    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    @Test func `TOML is edited as Kargo edits it`() async throws {
        let file = try ConformanceFile("toml-update.json")
        var outcomes: [String: StepTrial.Outcome] = [:]
        for row in file.cases where row.operation == "step" {
            outcomes[row.id] = try await perform(row)
        }
        let disagreements = file.run(differences: differences, comparing: isSame) { row in
            switch row.operation {
            case "set-values": return try update(row)
            case "format-value": return TOMLUpdate.text(of: row.input["value"] ?? .null).map(text)
            case "step": return outcomes[row.id].flatMap(answer)
            case "commit-message":
                return .string(
                    CommitMessage.updated(row.input.text("path"), try row.updates, in: .toml)
                )
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    private func text(_ text: String) -> Value { .string(text) }

    private func update(_ row: ConformanceFile.Case) throws -> Value? {
        guard let text = row.input["document"]?.stringValue else { return nil }
        let changes = try row.updates.map { try TOMLUpdate.Change(key: $0, value: $1) }
        let bytes = try TOMLUpdate(changes).applied(to: Array(text.utf8))
        return .string(String(decoding: bytes, as: UTF8.self))
    }

    private func perform(_ row: ConformanceFile.Case) async throws -> StepTrial.Outcome {
        try await StepTrial(workshop).perform(
            "toml-update",
            ["path": row.input["path"] ?? .null, "updates": row.input["updates"] ?? .null],
            files: row.input["files"]?.objectValue?.compactMapValues(\.stringValue) ?? [:],
            reading: row.input.text("path")
        )
    }

    private func answer(_ outcome: StepTrial.Outcome) -> Value? {
        guard outcome.status == .succeeded, let text = outcome.text else { return nil }
        return [
            "status": "Succeeded", "text": .string(text), "output": .object(outcome.outputs),
        ]
    }

    /// Whether everything that is expected was said.
    private func isSame(_ ours: Value, _ expected: Value) -> Bool {
        guard case .object(let members) = expected else { return ours.isSame(as: expected) }
        return members.allSatisfy { name, value in
            ours[name].map { $0.isSame(as: value) } ?? value.isNull
        }
    }

    private let differences = [
        Difference(
            file: "toml-update.json",
            operation: "step",
            reason: "A step without updates is refused, as Kargo's own schema has it.",
            where: { row in !row.expectsError && row.input.elements("updates").isEmpty },
            promise: { _, answer in answer == nil }
        )
    ]
}
