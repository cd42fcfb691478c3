package import EventLog
package import Expressions

/// An event of the CDEvents vocabulary (cdevents.dev, version 0.5.1).
package struct CDEvent: Hashable, Sendable {
    /// What the vocabulary calls it, with its version.
    package let type: String
    /// Names it for ever, together with `source`.
    package let id: String
    /// A URI reference: the ledger and the project.
    package let source: String
    package let time: Timestamp
    /// What it is about, by its id.
    package let subject: String
    package let content: [(String, Value)]
    /// What belongs together: all events of one promotion.
    let chain: String?
    /// The CDEvent that led to it.
    let from: String?

    /// Their version of the vocabulary.
    private static let version = "0.5.1"

    /// The event in its JSON form.
    package var value: Value {
        let link: Value =
            from.map { id in
                [["linkType": "PATH", "from": ["contextId": .string(id)]]]
            } ?? .null
        return .object([
            "context": Shape.object([
                ("specversion", .string(Self.version)), ("id", .string(id)),
                ("source", .string(source)), ("type", .string(type)),
                ("timestamp", .string(time.text)), ("chainId", Shape.text(chain)),
                ("links", link),
            ]),
            "subject": [
                "id": .string(subject), "source": .string(source),
                "content": Shape.object(content),
            ],
        ])
    }

    package static func == (left: CDEvent, right: CDEvent) -> Bool {
        left.value == right.value
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(source)
    }
}
