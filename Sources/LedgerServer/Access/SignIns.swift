import EventLog
import Synchronization

/// Links that sign a browser in once, and the browsers that are signed in.
///
/// Both are kept in memory only: after a restart there is a new link.
final class SignIns: Sendable {
    private struct State {
        /// What opens the door once, and until when, by the clock that never goes back.
        var links: [Digest: ContinuousClock.Instant] = [:]
        var sessions: [Digest: ContinuousClock.Instant] = [:]
    }

    private let state = Mutex(State())

    /// How long a link is good.
    static let linkLifetime = Duration.seconds(24 * 3600)
    /// How long a browser stays signed in.
    static let sessionLifetime = Duration.seconds(14 * 24 * 3600)
    /// More are forgotten, the oldest first.
    private static let countMax = 10_000

    /// The secret of a new link.
    func newLink() -> Secret {
        let secret = Secret()
        state.withLock { state in
            Self.add(secret.digest, until: .now + Self.linkLifetime, to: &state.links)
        }
        return secret
    }

    /// Opens a session with a link's secret, which is used up by that; nil if it is none.
    func open(with text: String) -> Secret? {
        guard let link = Secret(text) else { return nil }
        let session = Secret()
        let isOpen = state.withLock { state in
            guard let end = state.links.removeValue(forKey: link.digest), end > .now else {
                return false
            }
            Self.add(session.digest, until: .now + Self.sessionLifetime, to: &state.sessions)
            return true
        }
        return isOpen ? session : nil
    }

    /// Whether a session is open.
    func isOpen(_ text: String) -> Bool {
        guard let session = Secret(text) else { return false }
        return state.withLock { state in
            guard let end = state.sessions[session.digest] else { return false }
            return end > .now
        }
    }

    /// Ends a session.
    func close(_ text: String) {
        guard let session = Secret(text) else { return }
        state.withLock { state in _ = state.sessions.removeValue(forKey: session.digest) }
    }

    private static func add(
        _ digest: Digest,
        until end: ContinuousClock.Instant,
        to list: inout [Digest: ContinuousClock.Instant]
    ) {
        if list.count >= countMax {
            list = list.filter { $0.value > .now }
            if list.count >= countMax, let oldest = list.min(by: { $0.value < $1.value }) {
                list[oldest.key] = nil
            }
        }
        list[digest] = end
    }
}
