import PromotionModel
import Testing

/// A row of a table about a command: given a world, when the command comes, then this.
struct Row: Sendable, CustomTestStringConvertible {
    /// The rule that the row shows.
    let rule: String
    let reason: String?
    let expected: Expected
    /// Makes the world what it is before, and says the command.
    let command: @Sendable (inout World) -> Command

    var testDescription: String { rule }

    /// What a command comes to.
    enum Expected: Sendable {
        case events([EventType])
        case quiet
        case refused(Refusal)
    }

    init(
        _ rule: String,
        reason: String? = nil,
        _ expected: Expected,
        _ command: @escaping @Sendable (inout World) -> Command
    ) {
        self.rule = rule
        self.reason = reason
        self.expected = expected
        self.command = command
    }

    /// Gives the command in `world`, and compares what comes of it.
    @discardableResult
    func check(in start: World, sourceLocation: SourceLocation = #_sourceLocation) -> World {
        var world = start
        let command = self.command(&world)
        world.when(command, reason: reason)
        switch expected {
        case .events(let types):
            #expect(world.madeEvents == types, "\(world.verdict)", sourceLocation: sourceLocation)
        case .quiet:
            #expect(world.verdict == .quiet, sourceLocation: sourceLocation)
        case .refused(let refusal):
            #expect(world.verdict == .refused(refusal), sourceLocation: sourceLocation)
            // What a person reads is one line, with what to do behind what is the matter.
            let sentence = refusal.description
            #expect(!sentence.contains("\n"), sourceLocation: sourceLocation)
            #expect(sentence.contains(";") || sentence.contains("give "), "\(sentence)")
        }
        return world
    }
}
