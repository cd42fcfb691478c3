import Expressions
import PromotionModel

/// `yaml-update`: replaces scalars of a YAML file, and nothing else of it.
///
/// Layout, comments and quotes stay as they are. A key that is missing or that is no scalar is an
/// error, and then nothing is written.
struct YAMLUpdateStep: Step {
    /// The file.
    private let path: String
    private let updates: [Update]

    private struct Update: Sendable {
        let key: YAMLKey
        let value: Value
    }

    init(_ configuration: inout ConfigurationReader) throws(StepError) {
        path = try configuration.string("path")
        updates = try configuration.list("updates") { (update) throws(StepError) in
            Update(
                key: try YAMLKey(update.string("key")),
                value: try update.scalar("value")
            )
        }
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let before = try context.workDirectory.read(path)
        let after: [UInt8]
        do {
            after = try updated(before)
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

    /// `bytes` with every update made, one after the other.
    private func updated(_ bytes: [UInt8]) throws(StepError) -> [UInt8] {
        guard let document = try YAMLScalars.parse(bytes) else {
            throw .wrong("the file is empty")
        }
        var replacements: [(span: Range<Int>, text: String)] = []
        for update in updates {
            let scalar = try document.scalar(at: update.key)
            let span = Self.written(scalar.span, in: bytes)
            var text = YAMLScalarText.text(
                of: update.value,
                keepsQuotes: scalar.quote,
                inFlow: scalar.isInFlow
            )
            if span.isEmpty {
                guard let previous = bytes[..<span.lowerBound].last,
                    previous == UInt8(ascii: ":") || previous == UInt8(ascii: "-")
                else {
                    throw .wrong("\(update.key.source) has no value yet, and no place for one")
                }
                text = " " + text
            }
            // The last update of a key counts, as if they were made one after the other.
            replacements.removeAll { $0.span == span }
            replacements.append((span, text))
        }
        var result: [UInt8] = []
        var position = 0
        for replacement in replacements.sorted(by: { $0.span.lowerBound < $1.span.lowerBound }) {
            result += bytes[position..<replacement.span.lowerBound]
            result += replacement.text.utf8
            position = replacement.span.upperBound
        }
        result += bytes[position...]
        if result.last != UInt8(ascii: "\n") { result.append(UInt8(ascii: "\n")) }
        return result
    }

    /// A block scalar's span goes on to the next line; what is written ends before that.
    private static func written(_ span: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
        var end = span.upperBound
        while end > span.lowerBound, " \t\r\n".utf8.contains(bytes[end - 1]) { end -= 1 }
        return span.lowerBound..<end
    }

    /// As Kargo words it.
    private var commitMessage: String {
        let lines = updates.map { update in
            "- \(update.key.source): \(update.value.stringValue ?? update.value.json)"
        }
        return "Updated \(path)\n\n" + lines.joined(separator: "\n")
    }
}
