package import EventLog
package import Expressions
package import Ledger
package import PromotionModel

/// The JSON that server and command line speak, as values.
///
/// Lists are `{"items", "position", "next"}`; an entity has `kind`, `name`, `project`, `position`
/// (of its last change) and `at`; times are RFC 3339 in UTC; names are in lowerCamelCase.
package enum Shape {
    /// A page of a list; `next` is the cursor of the page behind it.
    package static func list(
        _ items: [Value],
        at position: Position,
        next: String? = nil
    ) -> Value {
        object([
            ("items", .array(items)), ("position", number(position)), ("next", text(next)),
        ])
    }

    /// An object of these members; those that are null are left out.
    package static func object(_ members: [(String, Value)]) -> Value {
        .object(
            Dictionary(members.filter { $0.1 != .null }) { _, last in last }
        )
    }

    static func number(_ position: Position) -> Value { .int(Int64(clamping: position.rawValue)) }

    static func text(_ value: String?) -> Value { value.map { .string($0) } ?? .null }

    static func time(_ value: Timestamp?) -> Value { value.map { .string($0.text) } ?? .null }

    static func names(_ names: [some CustomStringConvertible]) -> Value {
        .array(names.map { .string($0.description) })
    }

    static func origin(_ origin: Origin) -> Value {
        ["kind": .string(origin.kind.rawValue), "name": .string(origin.name)]
    }

    /// An error: `{"error": {"code", "message", "details"}}`.
    package static func error(code: String, message: String, details: Value = .null) -> Value {
        [
            "error": object([
                ("code", .string(code)), ("message", .string(message)), ("details", details),
            ])
        ]
    }

    /// What an accepted command left: `{"positions", "root", "duplicate", "events"}`.
    package static func receipt(
        _ receipt: Receipt,
        events: [LedgerEvent],
        with members: [(String, Value)] = []
    ) -> Value {
        object(
            [
                ("positions", .array([number(receipt.first), number(receipt.last)])),
                ("root", .string(receipt.root.hex)),
                ("duplicate", .bool(receipt.isDuplicate)),
                ("events", .array(events.map(event))),
            ] + members
        )
    }

    /// What a command would append.
    package static func drafts(
        _ drafts: [EventDraft],
        with members: [(String, Value)] = []
    ) -> Value {
        let events = drafts.map { draft in
            object([
                ("type", .string(draft.event.type.name)),
                ("project", .string(draft.project.rawValue)),
                ("subject", .string(draft.subject.rawValue)),
                ("payload", PayloadReader.value(of: draft.event.payload)),
            ])
        }
        return object([("dryRun", true), ("events", .array(events))] + members)
    }
}
