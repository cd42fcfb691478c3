import EventLog
import Synchronization

/// Links that sign a browser in once, and the browsers that are signed in.
///
/// Both are kept in memory only: after a restart there is a new link.
final class SignIns: Sendable {
    private struct Link: Ending {
        let end: ContinuousClock.Instant
    }

    private struct State {
        /// What opens the door once, and until when, by the clock that never goes back.
        var links: [Digest: Link] = [:]
        var sessions: [Digest: Session] = [:]
    }

    private struct Session: Ending {
        let identity: Identity
        let end: ContinuousClock.Instant
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
            Self.add(secret.digest, Link(end: .now + Self.linkLifetime), to: &state.links)
        }
        return secret
    }

    /// Opens a session with a link's secret, which is used up by that; nil if it is none.
    func open(with text: String) -> Secret? {
        guard let link = Secret(text) else { return nil }
        let isGood = state.withLock { state in
            guard let found = state.links.removeValue(forKey: link.digest) else { return false }
            return found.end > .now
        }
        return isGood ? open(for: .operator) : nil
    }

    /// Opens a session for somebody.
    func open(for identity: Identity) -> Secret {
        let secret = Secret()
        let session = Session(identity: identity, end: .now + Self.sessionLifetime)
        state.withLock { state in Self.add(secret.digest, session, to: &state.sessions) }
        return secret
    }

    /// Whose session it is; nil if none is open.
    func identity(_ text: String) -> Identity? {
        guard let secret = Secret(text) else { return nil }
        return state.withLock { state in
            guard let session = state.sessions[secret.digest], session.end > .now else {
                return nil
            }
            return session.identity
        }
    }

    /// Ends a session.
    func close(_ text: String) {
        guard let session = Secret(text) else { return }
        state.withLock { state in _ = state.sessions.removeValue(forKey: session.digest) }
    }

    private static func add<Item: Ending>(
        _ digest: Digest,
        _ item: Item,
        to list: inout [Digest: Item]
    ) {
        if list.count >= countMax {
            list = list.filter { $0.value.end > .now }
            if list.count >= countMax, let oldest = list.min(by: { $0.value.end < $1.value.end }) {
                list[oldest.key] = nil
            }
        }
        list[digest] = item
    }
}

/// Something that holds until a time, by the clock that never goes back.
private protocol Ending: Sendable {
    var end: ContinuousClock.Instant { get }
}
