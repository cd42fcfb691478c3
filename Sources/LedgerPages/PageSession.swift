package import EventLog
package import PromotionModel
package import Transparency

/// Who looks at a page, as the server established it.
package struct PageSession: Sendable {
    /// The name that commands would be recorded under; nil where nobody is signed in.
    package let actor: String?
    /// What whoever looks may; forms that ask for more are shown, disabled, with the reason.
    package let powers: Powers
    /// How a command that grants roles names whoever looks, such as `token/ci`.
    package let principal: String
    /// The projects that are there for whoever looks; nil for all of them.
    package let seenProjects: Set<ProjectName>?
    /// The token that every form carries back; empty where nobody may write.
    package let csrfToken: String
    /// The server's clock.
    package let now: Timestamp
    /// Makes the command ids of the forms of a page; each must not have been used before.
    package let makeCommandID: @Sendable () -> String
    /// The last checkpoint that was signed, which proofs lead to; nil if there is none.
    package let checkpoint: SignedNote?

    /// A session of `actor`.
    package init(
        actor: String?,
        csrfToken: String,
        now: Timestamp,
        checkpoint: SignedNote? = nil,
        powers: Powers = .everything,
        principal: String = "operator",
        makeCommandID: @escaping @Sendable () -> String
    ) {
        self.checkpoint = checkpoint
        self.powers = powers
        self.principal = principal
        seenProjects = powers.seenProjects
        self.actor = actor
        self.csrfToken = csrfToken
        self.now = now
        self.makeCommandID = makeCommandID
    }
}

/// What became of a form that was sent, to be said on the page that it came from.
package struct FormRefusal: Hashable, Sendable {
    /// The verb of the form, as in its action.
    package let verb: String
    /// The field that is to blame, by its name; nil for the form as a whole.
    package let field: String?
    /// One sentence that says what to do.
    package let sentence: String
    /// What was typed, so that nobody types it twice; by the names of fields.
    package let values: [String: [String]]

    /// The refusal of a form.
    package init(
        verb: String,
        field: String? = nil,
        sentence: String,
        values: [String: [String]] = [:]
    ) {
        self.verb = verb
        self.field = field
        self.sentence = sentence
        self.values = values
    }
}
