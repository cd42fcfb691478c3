import Expressions
import PromotionModel

/// `yaml-update`: replaces scalars of a YAML file, and nothing else of it.
struct YAMLUpdateStep: Step {
    /// The file.
    private let path: String
    private let update: YAMLUpdate

    init(_ configuration: inout ConfigurationReader) throws(StepError) {
        path = try configuration.string("path")
        update = YAMLUpdate(
            try configuration.list("updates") { (update) throws(StepError) in
                try YAMLUpdate.Change(key: update.string("key"), value: update.scalar("value"))
            }
        )
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let before = try context.workDirectory.read(path)
        let after: [UInt8]
        do throws(StepError) {
            after = try update.applied(to: before)
        } catch {
            throw StepError(
                message: "\(path): \(error.message)",
                isTerminal: error.isTerminal,
                isRefusal: false
            )
        }
        if after != before { try context.workDirectory.replace(path, with: after) }
        return .succeeded(["commitMessage": .string(commitMessage)])
    }

    /// As Kargo words it.
    private var commitMessage: String {
        let lines = update.changes.map { change in
            "- \(change.key.source): \(change.value.stringValue ?? change.value.json)"
        }
        return "Updated \(path)\n\n" + lines.joined(separator: "\n")
    }
}
