import Wire

/// Who caused an event, and how sure the ledger is of it.
package struct EventActor: Hashable, Sendable {
    /// The name, at most `Limits.actorByteCountMax` bytes of UTF-8.
    package let name: String
    /// How the name was established.
    package let assurance: Assurance

    /// An actor of this name; callers at the edge have checked its length and characters.
    package init(name: String, assurance: Assurance) {
        self.name = name
        self.assurance = assurance
    }
}

/// How an actor's name was established, from the weakest to the strongest.
package enum Assurance: UInt32, WireEnum {
    /// Somebody said so.
    case asserted = 1
    /// The name of the operating system's account.
    case osUser = 2
    /// A token that the ledger issued.
    case token = 3
    /// A signed statement of an identity provider.
    case oidc = 4
    /// The ledger's own rules.
    case automation = 5
}
