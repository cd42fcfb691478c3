import EventLog
import Expressions
import Ledger
import PromotionModel

/// What all CDEvents of one event of the ledger have in common.
struct CDEventDraft {
    let header: Header
    private let ledger: LedgerID
    private let customData: Value

    /// What is its own to one of them.
    struct Part {
        let type: String
        let subject: String
        let content: [(String, Value)]

        init(_ type: String, _ subject: String, _ content: [(String, Value)] = []) {
            self.type = type
            self.subject = subject
            self.content = content
        }
    }

    init(_ event: LedgerEvent, _ ledger: LedgerID) {
        header = event.header
        self.ledger = ledger
        customData = [
            "position": Shape.number(header.position), "event": .string(event.type.name),
            "actor": Shape.actor(header.actor),
        ]
    }

    var project: ProjectName { ProjectName(unchecked: header.project) }

    /// A reference to the environment that a stage is.
    static func environment(_ stage: StageName) -> (String, Value) {
        ("environment", ["id": .string(stage.rawValue)])
    }

    /// A URI of a promotion's run.
    func uri(_ promotion: PromotionName) -> (String, Value) {
        ("uri", .string("urn:waybill:\(ledger):promotion:\(promotion)"))
    }

    /// Events that belong to no promotion.
    func numbered(_ parts: [Part]) -> [CDEvent] { events(parts, chain: nil, from: nil) }

    /// Events of a promotion, which come from the one that it was queued by.
    func chained(
        _ promotion: PromotionName,
        _ parts: [Part],
        from requested: Position? = nil
    ) -> [CDEvent] {
        events(parts, chain: chain(of: promotion), from: requested.map { id(at: $0, 0) })
    }

    private func events(_ parts: [Part], chain: String?, from: String?) -> [CDEvent] {
        parts.enumerated().map { number, part in
            CDEvent(
                type: part.type,
                id: id(at: header.position, number),
                source: CloudEvent.source(ledger, header.project),
                time: header.recorded,
                subject: part.subject,
                content: part.content,
                chain: chain,
                from: from,
                customData: customData
            )
        }
    }

    /// The id of one CDEvent of the event at a position, from 0.
    private func id(at position: Position, _ number: Int) -> String {
        "\(position.rawValue).\(number)"
    }

    /// A UUID that is the same each time that the promotion is told of.
    ///
    /// The digits come from a hash; version and variant are those of random UUIDs (RFC 9562), the
    /// only kind that CDEvents takes for a chain.
    private func chain(of promotion: PromotionName) -> String {
        let hash = Digest.sha256(Array("waybill.chain.v1 \(ledger) \(promotion)".utf8)).hex
        var digits = Array(hash.utf8.prefix(32))
        digits[12] = UInt8(ascii: "4")
        digits[16] = Array("89ab".utf8)[Int(digits[16]) & 3]
        var text: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
