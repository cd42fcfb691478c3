package import EventLog

extension ProposedCommand {
    /// `auto:<rule>:<subject>:<cause>`: the same proposal for the same reason is one command.
    ///
    /// A subject that does not fit into a command id is replaced by digits of its hash.
    package var commandID: CommandID {
        let kind = subject.kind?.rawValue ?? "thing"
        let part = origin.map { ":\($0.kind == .warehouse ? "w" : "j"):\($0.name)" } ?? ""
        let plain = "auto:\(rule):\(kind):\(subject.name)\(part):\(cause.rawValue)"
        if let id = CommandID(rawValue: plain) { return id }
        let digits = Digest.sha256(Array("\(subject) \(part)".utf8)).hex.prefix(16)
        return CommandID(unchecked: "auto:\(rule):\(kind):\(digits):\(cause.rawValue)")
    }

    /// The proposal as a command of the ledger's own.
    package func envelope() -> CommandEnvelope {
        CommandEnvelope(
            id: commandID,
            actor: EventActor(name: "automation/\(rule)", assurance: .automation),
            command: command,
            cause: cause == .origin ? nil : cause,
            because: because
        )
    }
}
