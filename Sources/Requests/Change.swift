package import EventLog
package import Expressions
package import Ledger
package import PromotionModel

/// A request that changes something.
package protocol Change: Request {
    /// The command that it comes to.
    func command(_ desk: Desk) throws -> Command
    /// What is said where there was nothing to do.
    func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet
    /// What a dry run shows besides its events; nil where nothing.
    func preview(_ desk: Desk) throws -> Preview?
    /// What a person wants to know of the events.
    func told(_ view: View, _ events: [LedgerEvent]) throws -> String
    /// What a client sends to a server besides the query.
    var body: ChangeBody { get }
    /// Whether versions that it names may be looked up where nobody has discovered them.
    var looksUpVersions: Bool { get }
}

extension Change {
    /// Nothing besides the events.
    package func preview(_ desk: Desk) throws -> Preview? { nil }

    /// A line for each event that matters by itself.
    package func told(_ view: View, _ events: [LedgerEvent]) throws -> String {
        Narrator.text(events)
    }

    /// What was said.
    package var body: ChangeBody { .words(words) }

    /// No.
    package var looksUpVersions: Bool { false }
}

/// What a client sends to a server.
package enum ChangeBody: Sendable {
    /// A JSON object.
    case words([String: Value])
    /// Documents in YAML; the words are in the query.
    case manifests(ManifestSource)
}

/// What is said where a command had nothing to do.
package struct Quiet: Sendable {
    /// For people.
    package let sentence: String
    /// What programs get beside the empty receipt.
    package var members: [String: Value]

    /// This sentence, and these members.
    package init(sentence: String, members: [String: Value] = [:]) {
        self.sentence = sentence
        self.members = members
    }

    /// Where there is nothing more to say.
    package static let nothing = Quiet(sentence: "Nothing to do.")
}

/// What a dry run shows besides its events, to people and to programs.
package struct Preview: Sendable {
    /// For people.
    package var text: String
    /// For programs.
    package var members: [(String, Value)]
    /// Whether people are shown the events, too, behind the text.
    package var showsEvents: Bool

    /// This text and these members; with `showsEvents` people see the events, too.
    package init(text: String, members: [(String, Value)], showsEvents: Bool = false) {
        self.text = text
        self.members = members
        self.showsEvents = showsEvents
    }
}

/// Who changes something, why, by which id, and whether it is only tried.
package struct ChangeTerms: Sendable {
    package var id: CommandID
    package var actor: EventActor
    package var reason: String?
    package var isDryRun: Bool

    /// These terms.
    package init(id: CommandID, actor: EventActor, reason: String?, isDryRun: Bool) {
        self.id = id
        self.actor = actor
        self.reason = reason
        self.isDryRun = isDryRun
    }

    /// Bytes that a reason may have at most.
    package static let reasonByteCountMax = 4096

    func envelope(_ command: Command) -> CommandEnvelope {
        CommandEnvelope(id: id, actor: actor, command: command, reason: reason)
    }
}
