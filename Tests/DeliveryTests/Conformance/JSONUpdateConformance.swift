import ConformanceSupport
import Expressions
import PromotionModel
import PromotionRunner
import Testing

@Suite struct JSONUpdateConformance {
    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    @Test func `JSON is edited as Kargo edits it`() async throws {
        let file = try ConformanceFile("json-update.json")
        var outcomes: [String: StepTrial.Outcome] = [:]
        for row in file.cases where row.operation == "step" {
            outcomes[row.id] = try await perform(row)
        }
        let disagreements = file.run(differences: differences, comparing: isSame) { row in
            switch row.operation {
            case "update": return try update(row)
            case "step": return try outcomes[row.id].flatMap { try answer($0, row) }
            case "commit-message":
                return .string(
                    CommitMessage.updated(row.input.text("path"), try row.updates, in: .json)
                )
            case "validate": return problems(row)
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    private func update(_ row: ConformanceFile.Case) throws -> Value? {
        guard let text = row.input["document"]?.stringValue else { return nil }
        let changes = try row.updates.map { try JSONUpdate.Change(key: $0, value: $1) }
        let bytes = try JSONUpdate(changes).applied(to: Array(text.utf8))
        let result = String(decoding: bytes, as: UTF8.self)
        return ["document": try Value(json: result), "text": .string(result)]
    }

    private func perform(_ row: ConformanceFile.Case) async throws -> StepTrial.Outcome {
        try await StepTrial(workshop).perform(
            "json-update",
            ["path": row.input["path"] ?? .null, "updates": row.input["updates"] ?? .null],
            files: row.input["files"]?.objectValue?.compactMapValues(\.stringValue) ?? [:],
            reading: row.input.text("path")
        )
    }

    private func answer(
        _ outcome: StepTrial.Outcome,
        _ row: ConformanceFile.Case
    ) throws -> Value? {
        guard outcome.status == .succeeded, let text = outcome.text else { return nil }
        return [
            "status": "Succeeded", "document": try Value(json: text), "text": .string(text),
            "output": .object(outcome.outputs),
        ]
    }

    /// What is said of a configuration, in the file's words as far as they are in ours.
    private func problems(_ row: ConformanceFile.Case) -> Value {
        let message = KnownSteps.problem(
            with: row.input["config"] ?? .null,
            of: "json-update"
        )
        let said = (message ?? "").split(separator: "; ").map(String.init)
        var words: [Value] = []
        for problem in said {
            let parts = problem.split(separator: " ", maxSplits: 1).map(String.init)
            let field = parts[0].replacing("[", with: ".").replacing("]", with: "")
            let place = field.split(separator: ".").map(String.init)
            let name = ([place.dropLast().joined(separator: "."), place.last ?? ""])
                .filter { !$0.isEmpty }.joined(separator: " ")
            let rest = parts.count > 1 ? parts[1] : ""
            if rest == "is missing" || rest.hasPrefix("is missing") {
                words.append(.string("\(name) is required"))
            } else if rest == "is empty" {
                words.append(.string("\(name) too short"))
            } else if rest == "must be a list with at least one element" {
                words.append(.string("\(name) too few"))
            } else {
                words.append(.string(problem))
            }
        }
        return ["problems": .array(words)]
    }

    /// Whether everything that is expected was said.
    private func isSame(_ ours: Value, _ expected: Value) -> Bool {
        guard case .object(let members) = expected else { return ours.isSame(as: expected) }
        return members.allSatisfy { name, value in
            guard name == "problems", let wanted = value.arrayValue else {
                return ours[name].map { $0.isSame(as: value) } ?? value.isNull
            }
            let said = ours[name]?.arrayValue ?? []
            return wanted.isEmpty ? said.isEmpty : wanted.allSatisfy(said.contains)
        }
    }

    private let differences = [
        Difference(
            file: "json-update.json",
            operation: "step",
            reason: "A step without updates is refused, as Kargo's own schema has it.",
            where: { row in !row.expectsError && row.input.elements("updates").isEmpty },
            promise: { _, answer in answer == nil }
        )
    ]
}
