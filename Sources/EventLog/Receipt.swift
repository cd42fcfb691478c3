/// What an accepted command left in the log.
///
/// Everything it names is on disk.
package struct Receipt: Hashable, Sendable {
    /// The position of the command's first event.
    package let first: Position
    /// The position of its last event.
    package let last: Position
    /// The Merkle root of the log from the first event through `last`.
    package let root: Digest
    /// True if the command had been accepted before, and nothing was appended now.
    package let isDuplicate: Bool

    /// The receipt of a command whose events are `first` through `last`.
    package init(first: Position, last: Position, root: Digest, isDuplicate: Bool) {
        self.first = first
        self.last = last
        self.root = root
        self.isDuplicate = isDuplicate
    }
}

/// What became of a submission.
package enum Outcome<Refusal: Sendable>: Sendable {
    /// Its events are appended and durable.
    case accepted(Receipt)
    /// It asked for what is already so: nothing was appended, nothing is remembered.
    case quiet
    /// Its author said no.
    case refused(Refusal)
    /// The command id was accepted earlier with other content; here are its events.
    case conflict(first: Position, last: Position)
}
