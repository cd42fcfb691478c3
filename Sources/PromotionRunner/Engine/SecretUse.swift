import Expressions
import Secrets
private import Synchronization

/// What one promotion has to do with secrets: those that it read and what was made of them.
///
/// A text is tainted if it is a secret or was made by an expression that read one. Tainted text is
/// hidden in everything that leaves the promotion for the ledger.
final class SecretUse: Sendable {
    private struct State {
        var mask = SecretMask()
        /// Whether the template that is being evaluated has read something tainted.
        var hasRead = false
    }

    /// Evaluation is single-threaded; the lock is for runs of one promotion that overlap.
    private let state = Mutex(State())

    init() {}

    /// Hides a text from now on.
    func taint(_ text: String) {
        state.withLock { $0.mask.add(text) }
    }

    /// Hides every text in a value from now on, numbers too.
    func taint(_ value: Value) {
        state.withLock { Self.taint(value, &$0.mask) }
    }

    private static func taint(_ value: Value, _ mask: inout SecretMask) {
        switch value {
        case .null, .bool: break
        // Shorter ones stand for something else everywhere.
        case .int, .double: if value.json.utf8.count >= 4 { mask.add(value.json) }
        case .string(let text): mask.add(text)
        case .array(let elements): for element in elements { taint(element, &mask) }
        case .object(let members): for member in members.values { taint(member, &mask) }
        }
    }

    // MARK: - Evaluation

    /// An expression gets a secret.
    func hand(_ secret: [String: String]) {
        state.withLock { state in
            state.hasRead = true
            for value in secret.values { state.mask.add(value) }
        }
    }

    /// An expression read a value.
    func hasRead(_ value: Value) {
        state.withLock { state in
            guard !state.hasRead, !state.mask.isEmpty else { return }
            state.hasRead = state.mask.finds(in: value.stringValue ?? value.json)
        }
    }

    /// A template came to a value: tainted if anything that it read was.
    ///
    /// Where the secret stands in it as it is, it is found there, and the rest may be seen.
    func hasMade(_ value: Value, isVerbatim: Bool) {
        state.withLock { state in
            if state.hasRead, !isVerbatim || value.stringValue == nil {
                Self.taint(value, &state.mask)
            }
            state.hasRead = false
        }
    }

    // MARK: - Hiding

    /// The text without secrets.
    func masking(_ text: String) -> String {
        state.withLock { $0.mask }.masking(text)
    }

    /// The value without secrets.
    func masking(_ value: Value) -> Value {
        let mask = state.withLock { $0.mask }
        return mask.isEmpty ? value : Self.masking(value, mask)
    }

    /// Whether a secret stands in a value.
    func isTainted(_ value: Value) -> Bool { masking(value) != value }

    private static func masking(_ value: Value, _ mask: SecretMask) -> Value {
        switch value {
        case .null, .bool: value
        case .int, .double: mask.finds(in: value.json) ? .string(SecretMask.mark) : value
        case .string(let text): .string(mask.masking(text))
        case .array(let elements): .array(elements.map { masking($0, mask) })
        case .object(let members):
            .object(
                Dictionary(
                    members.map { (mask.masking($0.key), masking($0.value, mask)) }
                ) { first, _ in first }
            )
        }
    }
}
