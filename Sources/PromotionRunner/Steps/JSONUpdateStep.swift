import Expressions
import PromotionModel

/// `json-update`: sets values of a JSON file, and nothing else of it.
struct JSONUpdateStep: ConfiguredStep {
    private var path = ""
    private var updates: [Update] = []

    private struct Update: Configuration {
        var key = ""
        var value = Value.null

        mutating func visit(_ visitor: inout some ConfigurationVisitor) {
            visitor.text("key", &key, "where, such as app.version or hosts.0.name; -1 appends")
            visitor.scalar("value", &value, allowsNull: false, "the new value")
        }
    }

    static let text = StepText(
        summary: "sets values of a JSON file and makes missing keys; layout and the rest stay",
        outputs: [StepOutput("commitMessage", "what was set, as a message for a commit")],
        example: """
            - uses: json-update
              config:
                path: ./out/config.json
                updates:
                - key: app.version
                  value: ${{ quote(imageFrom('registry.example.com/web').Tag) }}
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the file")
        visitor.parts("updates", &updates, isRequired: true, "what to set")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let before = try context.workDirectory.read(path)
        let after: [UInt8]
        do throws(StepError) {
            var changes: [JSONUpdate.Change] = []
            for update in updates {
                changes.append(try JSONUpdate.Change(key: update.key, value: update.value))
            }
            after = try JSONUpdate(changes).applied(to: before)
        } catch {
            throw .wrong("\(WorkDirectory.shown(path)): \(error.message)")
        }
        if after != before { try context.workDirectory.replace(path, with: after) }
        let updates = updates.map { (key: $0.key, value: $0.value) }
        return .succeeded([
            "commitMessage": .string(CommitMessage.updated(path, updates, in: .json))
        ])
    }
}
