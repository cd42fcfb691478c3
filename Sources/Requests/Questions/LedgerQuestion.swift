import EventLog
import Expressions
import Ledger
import LedgerAPI
import LMDB

/// How large the ledger is, and where it ends: `waybill ledger info`.
package struct LedgerQuestion: Question {
    package init() {}

    package var place: RequestPlace { .ofLedger("ledger") }

    package static let fields: [RequestField<LedgerQuestion>] = []

    package func answer(_ desk: Desk) throws -> Answer {
        let log = desk.ledger.log
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
        guard !desk.form.isStructured else {
            return .value(Shape.object(facts.map { ($0.0, $0.2) }))
        }
        var table = TextTable(["WHAT", "VALUE"])
        for fact in facts { table.add([fact.0, fact.1]) }
        return .text(table.text)
    }
}
