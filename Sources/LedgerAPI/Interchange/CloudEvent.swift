package import EventLog
package import Ledger
import PromotionModel
package import Wire

/// Events of the ledger as CloudEvents 1.0, in JSON.
package enum CloudEvent {
    /// Writes the event in the structured content mode (CloudEvents 1.0.2, JSON format).
    ///
    /// `source` and `id` name it for ever: who gets it twice knows it again. `data` is the event
    /// as the command line shows it.
    package static func write(
        _ event: LedgerEvent,
        in ledger: LedgerID,
        to json: inout JSONBytes
    ) {
        let header = event.header
        let object = json.beginObject()
        json.member("data") { $0.event(event) }
        json.member("datacontenttype") { $0.string("application/json") }
        json.member("id") { $0.string("\(header.position.rawValue)") }
        json.member("source") { $0.string(source(ledger, header.project)) }
        json.member("specversion") { $0.string("1.0") }
        // What is about the ledger itself has no subject; then it may not be there.
        if !header.subject.isEmpty { json.member("subject") { $0.string(header.subject) } }
        json.member("time") { $0.time(header.recorded) }
        json.member("type") { $0.string("waybill.\(event.type.name).v\(header.typeVersion)") }
        json.endObject(object)
    }

    /// Where events of a project come from: a URI reference.
    static func source(_ ledger: LedgerID, _ project: String) -> String {
        project.isEmpty ? "/waybill/\(ledger)" : "/waybill/\(ledger)/\(project)"
    }
}
