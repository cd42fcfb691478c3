import EventLog
import Ledger
import PromotionModel
import Wire

extension JSONBytes {
    /// Writes an event as `Shape.event` describes it, in one pass.
    mutating func event(_ event: LedgerEvent) {
        let header = event.header
        let object = beginObject()
        member("actor") { json in
            let actor = json.beginObject()
            json.member("assurance") { $0.caseName(header.actor.assurance) }
            json.member("name") { $0.string(header.actor.name) }
            json.endObject(actor)
        }
        member("at") { $0.time(header.recorded) }
        if let cause = header.cause { member("cause") { $0.number(cause.rawValue) } }
        member("commandId") { $0.string(header.commandID.rawValue) }
        if let hash = header.contentHash { member("contentHash") { $0.digest(hash) } }
        member("indexInCommand") { $0.number(UInt64(header.indexInCommand)) }
        member("kind") { $0.raw("\"Event\"") }
        if let payload = event.event?.payload { member("payload") { payload.writeJSON(to: &$0) } }
        member("payloadHash") { $0.digest(header.payloadHash) }
        member("position") { $0.number(header.position.rawValue) }
        member("project") { $0.string(header.project) }
        if let redaction = event.redaction {
            member("redaction") { $0.number(redaction.rawValue) }
        }
        member("subject") { $0.string(header.subject) }
        member("type") { $0.string(event.type.name) }
        member("typeVersion") { $0.number(UInt64(header.typeVersion)) }
        if let wallClock = header.wallClock { member("wallClock") { $0.time(wallClock) } }
        endObject(object)
    }

    @inline(__always)
    mutating func member(_ name: StaticString, _ value: (inout JSONBytes) -> Void) {
        beginMember(name)
        value(&self)
        endMember()
    }

    mutating func time(_ time: Timestamp) {
        raw("\"")
        append { time.append(to: &$0) }
        raw("\"")
    }

    private mutating func digest(_ digest: Digest) {
        let bytes = digest.inlineBytes
        hex(bytes.span)
    }
}
