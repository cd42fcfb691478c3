package import EventLog
package import Expressions

/// An event of the CDEvents vocabulary (cdevents.dev, version 0.5.1).
package struct CDEvent: Sendable {
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
    /// The event of the ledger that it tells of, and by whom that is.
    let customData: Value

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
            // Its source is that of the event, and is then left out.
            "subject": ["id": .string(subject), "content": Shape.object(content)],
            "customData": customData,
        ])
    }

    /// The event as the data of a CloudEvent (CloudEvents Binding for CDEvents).
    package var envelope: Value {
        [
            "specversion": "1.0", "id": .string(id), "source": .string(source),
            "type": .string(type), "subject": .string(subject), "time": .string(time.text),
            "datacontenttype": "application/json", "dataschema": .string(schema),
            "data": value,
        ]
    }

    /// The name of the schema that it follows.
    private var schema: String {
        let place = "https://cdevents.dev/\(Self.version)/schema/"
        let parts = type.split(separator: ".")
        return parts[1] == "cdeventsx" ? place + "custom" : place + "\(parts[2])-\(parts[3])-event"
    }
}
