package import EventLog
package import PromotionModel

/// A random history: one number for each command.
///
/// A command is made of its number and of what is so when its turn comes. So any commands may be
/// left out, and what remains is a history still: that is how a failing one is made short.
package struct History: Sendable {
    /// What each command is made of.
    package var numbers: [UInt64]

    /// The history of `seed`, of so many commands.
    package init(seed: UInt64, commandCount: Int) {
        var generator = SeededGenerator(seed: seed)
        numbers = (0..<commandCount).map { _ in generator.next() }
    }

    /// A history of these numbers.
    package init(numbers: [UInt64]) {
        self.numbers = numbers
    }
}

/// A command as it was given, and when.
package struct GivenCommand: Sendable {
    package let envelope: CommandEnvelope
    /// What the clock said.
    package let at: Timestamp
    /// Which kind of command it is, for counting.
    package let kind: CommandKind

    /// The command in a line that people can read.
    package var line: String {
        let reason = envelope.reason.map { ", because \($0)" } ?? ""
        let command = "\(envelope.command)".replacing("PromotionModel.", with: "")
        return "\(at.text) \(envelope.actor.name)\(reason) [\(envelope.id)]: \(command)"
    }
}

/// What came of a command.
package enum CommandResult: Hashable, Sendable {
    case events([EventDraft])
    case quiet
    case refused(Refusal)
    /// The command id was accepted before, with the same content, for the events from `first` on.
    case duplicate(first: Position)
    /// The command id was accepted before, with other content.
    case conflict
}

/// How a history did not come to what it should.
package struct HistoryFailure: Error, Sendable, CustomStringConvertible {
    /// The index of the command after which it was found.
    package let index: Int
    /// What was found.
    package let what: String

    package var description: String { "after command \(index): \(what)" }
}
