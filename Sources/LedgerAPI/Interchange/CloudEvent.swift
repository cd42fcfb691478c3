package import EventLog
package import Expressions
package import Ledger
import PromotionModel

/// Events of the ledger as CloudEvents 1.0, in JSON.
package enum CloudEvent {
    /// The event in the structured content mode (CloudEvents 1.0.2, JSON format).
    ///
    /// `source` and `id` name it for ever: who gets it twice knows it again. `data` is the event
    /// as the command line shows it.
    package static func value(of event: LedgerEvent, in ledger: LedgerID) -> Value {
        let header = event.header
        return Shape.object([
            ("specversion", "1.0"),
            ("id", .string("\(header.position.rawValue)")),
            ("source", .string(source(ledger, header.project))),
            ("type", .string("waybill.\(event.type.name).v\(header.typeVersion)")),
            ("subject", .string(header.subject.isEmpty ? "ledger" : header.subject)),
            ("time", .string(header.recorded.text)),
            ("datacontenttype", "application/json"),
            ("data", Shape.event(event)),
        ])
    }

    /// Where events of a project come from: a URI reference.
    static func source(_ ledger: LedgerID, _ project: String) -> String {
        project.isEmpty ? "/waybill/\(ledger)" : "/waybill/\(ledger)/\(project)"
    }
}
