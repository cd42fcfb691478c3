import ArgumentParser
import EventLog
import Expressions
import LMDB
import Ledger
import LedgerAPI

struct LedgerInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Size, root and store of the ledger.",
        discussion: """
            Id, path, events, root, time of the last event, bytes, readers.

            For example: waybill ledger info
            """
    )

    @OptionGroup var options: LedgerOptions

    func run() throws {
        let session = try Session(reading: options)
        let log = session.ledger.log
        let statistics = try log.statistics()
        // Of the log alone: projections of another version do not matter here.
        let (root, head) = try log.read { (snapshot) throws(EventLogError) in
            (snapshot.root.hex, snapshot.head)
        }
        let facts: [(String, String, Value)] = [
            ("id", "\(log.id)", .string("\(log.id)")),
            ("path", log.path, .string(log.path)),
            ("events", "\(head.position.rawValue)", .int(Int64(head.position.rawValue))),
            ("root", root, .string(root)),
            ("recorded", head.recorded.text, .string(head.recorded.text)),
            (
                "usedBytes", "\(statistics.usedBytes)",
                .int(Int64(clamping: statistics.usedBytes))
            ),
            (
                "mapSizeBytes", "\(statistics.mapSizeBytes)",
                .int(Int64(clamping: statistics.mapSizeBytes))
            ),
            ("readers", "\(statistics.readerCount)", .int(Int64(statistics.readerCount))),
        ]
        guard !options.isStructured else {
            return session.show(Shape.object(facts.map { ($0.0, $0.2) }))
        }
        var table = TextTable(["WHAT", "VALUE"])
        for fact in facts { table.add([fact.0, fact.1]) }
        Output.text(table.text)
    }
}
