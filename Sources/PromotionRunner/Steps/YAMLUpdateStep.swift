import Expressions
import PromotionModel

/// `yaml-update`: replaces scalars of a YAML file, and nothing else of it.
struct YAMLUpdateStep: ConfiguredStep {
    private var path = ""
    private var updates: [Update] = []

    private struct Update: Configuration {
        var key = ""
        var value = Value.null

        mutating func visit(_ visitor: inout some ConfigurationVisitor) {
            visitor.text("key", &key, "which value, such as image.tag or hosts.0.name")
            visitor.scalar("value", &value, allowsNull: true, "the new value")
        }

        func contradictions() -> [FieldProblem] {
            do throws(StepError) {
                _ = try YAMLKey(key)
                return []
            } catch {
                return [FieldProblem("key", "cannot be: \(error.message)")]
            }
        }
    }

    static let text = StepText(
        summary: "replaces values of a YAML file; comments, layout and the rest stay",
        outputs: [StepOutput("commitMessage", "what was set, as a message for a commit")],
        example: """
            - uses: yaml-update
              config:
                path: ./out/values.yaml
                updates:
                - key: image.tag
                  value: ${{ quote(imageFrom('registry.example.com/web').Tag) }}
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the file")
        visitor.parts("updates", &updates, isRequired: true, "what to replace; the keys are there")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let before = try context.workDirectory.read(path)
        let after: [UInt8]
        do throws(StepError) {
            var changes: [YAMLUpdate.Change] = []
            for update in updates {
                changes.append(try YAMLUpdate.Change(key: update.key, value: update.value))
            }
            after = try YAMLUpdate(changes).applied(to: before)
        } catch {
            throw .wrong("\(WorkDirectory.shown(path)): \(error.message)")
        }
        if after != before { try context.workDirectory.replace(path, with: after) }
        let updates = updates.map { (key: $0.key, value: $0.value) }
        return .succeeded([
            "commitMessage": .string(CommitMessage.updated(path, updates, in: .yaml))
        ])
    }
}
