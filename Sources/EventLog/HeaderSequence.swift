import Wire

/// How headers follow each other in a sound log: by position, by time, command by command.
///
/// It is fed one header after the other, and says what rule one of them breaks.
struct HeaderSequence {
    /// The position that the next header must have.
    private(set) var next: UInt64 = 1
    /// The recorded time of the last header.
    private(set) var recorded = Timestamp.epoch
    /// The command that the last header belongs to.
    private(set) var command: (id: CommandID, row: CommandRow)?

    /// Takes the next header; returns what is wrong with it, as the rest of a sentence that starts
    /// with the event, or nil.
    ///
    /// `ended` is handed the command before, where this header begins another one.
    mutating func take<E: Error>(
        _ header: Header,
        ended: (CommandID, CommandRow) throws(E) -> Void
    ) throws(E) -> String? {
        guard header.position.rawValue == next else {
            return "names position \(header.position), where \(Position(rawValue: next)) belongs"
        }
        if header.recorded < recorded { return "was recorded before the event that precedes it" }
        if let wallClock = header.wallClock, wallClock >= header.recorded {
            return "has a wall clock that is not before the recorded time"
        }
        if let contentHash = header.contentHash {
            if let command { try ended(command.id, command.row) }
            guard CommandID(rawValue: header.commandID.rawValue) != nil else {
                return "has a command id that can be none"
            }
            let row = CommandRow(
                first: header.position,
                last: header.position,
                contentHash: contentHash
            )
            command = (header.commandID, row)
        }
        guard let (id, row) = command, id == header.commandID else {
            return "belongs to no command that begins before it"
        }
        guard UInt64(header.indexInCommand) == next - row.first.rawValue else {
            return "has index \(header.indexInCommand) in its command"
        }
        command = (
            id,
            CommandRow(first: row.first, last: header.position, contentHash: row.contentHash)
        )
        next += 1
        recorded = header.recorded
        return nil
    }
}
