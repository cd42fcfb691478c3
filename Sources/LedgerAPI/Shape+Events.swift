import EventLog
package import Expressions
package import Ledger
import PromotionModel

extension Shape {
    /// An event with all of its header and payload.
    package static func event(_ event: LedgerEvent) -> Value {
        let header = event.header
        return object([
            ("kind", "Event"),
            ("position", number(header.position)),
            ("at", time(header.recorded)),
            ("wallClock", time(header.wallClock)),
            ("type", .string(event.type.name)),
            ("typeVersion", .int(Int64(header.typeVersion))),
            ("project", .string(header.project)),
            ("subject", .string(header.subject)),
            (
                "actor",
                [
                    "name": .string(header.actor.name),
                    "assurance": .string("\(header.actor.assurance)"),
                ]
            ),
            ("commandId", .string(header.commandID.rawValue)),
            ("contentHash", text(header.contentHash?.hex)),
            ("indexInCommand", .int(Int64(header.indexInCommand))),
            ("cause", header.cause.map(number) ?? .null),
            ("payloadHash", .string(header.payloadHash.hex)),
            ("redaction", event.redaction.map(number) ?? .null),
            ("payload", event.event.map { PayloadReader.value(of: $0.payload) } ?? .null),
        ])
    }
}
