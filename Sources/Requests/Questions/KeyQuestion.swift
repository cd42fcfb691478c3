import EventLog
package import Expressions
import Ledger
import LedgerAPI
package import Transparency

/// The keys by which others check what the ledger signs: `waybill ledger key`.
package struct KeyQuestion: Question {
    package init() {}

    package var place: RequestPlace { .ofLedger("ledger/key") }

    package static let fields: [RequestField<KeyQuestion>] = []

    package func answer(_ desk: Desk) throws -> Answer {
        let keys = try desk.readLog { snapshot in try snapshot.verifierKeys() }
        guard !keys.isEmpty else {
            throw CommandFailure.notFound(
                "the ledger has no signing key; make one with waybill ledger key --make"
            )
        }
        return desk.form.isStructured ? .value(Self.value(keys)) : .text(keys[0].text + "\n")
    }

    /// Keys as a value: the one that signs now, and those before it.
    package static func value(_ keys: [VerifierKey]) -> Value {
        Shape.object([
            ("origin", .string(keys[0].name)), ("id", .string(keys[0].hexID)),
            ("key", .string(keys[0].text)),
            ("earlier", .array(keys.dropFirst().map { .string($0.text) })),
        ])
    }
}
