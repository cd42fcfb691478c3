import EventLog
import Testing

/// A receipt that a writer got before somebody was killed.
struct Acknowledged: Sendable {
    let id: String
    let first: Int
    let last: Int
    let root: String

    /// What a receipt says of the command with this id.
    init(_ id: String, _ receipt: JSON) {
        self.id = id
        first = receipt["positions"][0].int
        last = receipt["positions"][1].int
        root = receipt["root"].text
    }

    /// The log has every acknowledged command once, whole, where its receipt says, with the root
    /// that its receipt says.
    ///
    /// Returns how many commands the log has in all.
    static func check(
        _ acknowledged: [Acknowledged],
        in place: LedgerDirectory,
        _ comment: Comment
    ) throws -> Int {
        let log = try EventLog.open(at: place.ledger, access: .read)
        let (headers, roots) = try log.read { (snapshot) throws(EventLogError) in
            var headers: [Header] = []
            try snapshot.forEachHeader { (header) throws(EventLogError) in
                headers.append(header)
                return true
            }
            var roots: [Digest] = []
            for command in acknowledged {
                roots.append(try snapshot.root(at: Position(rawValue: UInt64(command.last))))
            }
            return (headers, roots)
        }
        #expect(headers.map { Int($0.position.rawValue) } == Array(1...headers.count), comment)
        #expect(zip(headers, headers.dropFirst()).allSatisfy { $0.recorded <= $1.recorded })
        var positions: [String: [Int]] = [:]
        for header in headers {
            let id = header.commandID.rawValue
            #expect(Int(header.indexInCommand) == positions[id, default: []].count, comment)
            positions[id, default: []].append(Int(header.position.rawValue))
        }
        for (command, root) in zip(acknowledged, roots) {
            #expect(positions[command.id] == Array(command.first...command.last), comment)
            #expect(root.hex == command.root, comment)
        }
        return positions.count
    }
}
