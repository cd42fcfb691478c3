/// A command that wants to append: its identity, and how it decides.
package struct Submission<Refusal: Sendable>: Sendable {
    /// The name of the attempt.
    package let commandID: CommandID
    /// What the caller said; a repetition must say the same.
    package let contentHash: Digest
    /// Decides on the state that it sees through the scope, and appends through it.
    ///
    /// It runs on the writer thread in the write transaction, so it must not block. It may run
    /// twice, on another state, if a neighbour's failure aborts the transaction: so all that it
    /// does goes through the scope.
    package let decide: @Sendable (inout AppendScope) throws(EventLogError) -> Decision<Refusal>

    /// A command that is accepted once under `commandID`.
    package init(
        commandID: CommandID,
        contentHash: Digest,
        decide:
            @escaping @Sendable (inout AppendScope) throws(EventLogError) -> Decision<Refusal>
    ) {
        self.commandID = commandID
        self.contentHash = contentHash
        self.decide = decide
    }
}

/// What a submission decided.
package enum Decision<Refusal: Sendable>: Sendable {
    /// Its events were appended through the scope: one at least.
    case append
    /// Nothing needs to change; nothing was appended or put.
    case quiet
    /// The domain says no; nothing was appended or put.
    case refuse(Refusal)
}
