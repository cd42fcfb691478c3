/// The events of one command, as they follow each other.
struct CommandRun {
    private var name = CommandName()
    private var contentHash = Digest.zero
    private var first: UInt64 = 0
    private var last: UInt64 = 0
    /// Whether a command has begun.
    private(set) var isOpen = false
    /// Whether its first event is in the part that is checked.
    private var isOwn = false
    /// Whether events before the next one cannot be read, so that it is not known what it goes on.
    private var isInterrupted = false

    /// Notes that events follow that cannot be read.
    mutating func interrupt() {
        isInterrupted = true
    }

    /// Begins a command with its first event.
    mutating func begin(
        _ name: CommandName,
        _ contentHash: Digest,
        at position: UInt64,
        isOwn: Bool
    ) {
        self.name = name
        self.contentHash = contentHash
        self.isOwn = isOwn
        first = position
        last = position
        isOpen = true
        isInterrupted = false
    }

    /// Adds an event; returns the rule that it breaks.
    mutating func add(_ header: HeaderView, at position: UInt64) -> String? {
        guard isOpen, header.command == name else {
            return isInterrupted ? nil : "belongs to no command that begins before it"
        }
        last = position
        guard header.indexInCommand == position - first else {
            return "has index \(header.indexInCommand) in its command"
        }
        return nil
    }

    /// The row that the command should have, if its first event is in the part.
    var finished: (CommandName, CommandRow)? {
        guard isOpen, isOwn else { return nil }
        let row = CommandRow(
            first: Position(rawValue: first),
            last: Position(rawValue: last),
            contentHash: contentHash
        )
        return (name, row)
    }
}
