import EventLog
import Requests
import Synchronization

/// Links that sign a browser in once, and the browsers that are signed in.
///
/// Links are kept in memory only: after a restart there is a new one. Sessions are kept in a file,
/// so both go by the wall clock.
final class SignIns: Sendable {
    private struct Link: Ending {
        let end: Timestamp
    }

    private struct State {
        /// What opens the door once, and until when.
        var links: [Digest: Link] = [:]
        var sessions: [Digest: Session]
    }

    /// A browser that is signed in.
    struct Session: Ending {
        let identity: Identity
        let end: Timestamp
    }

    private let state: Mutex<State>
    private let file: SessionFile?
    /// Held by whoever writes the file, so that what is newest is written last.
    private let writing = Mutex(())

    /// How long a link is good.
    static let linkLifetime = Duration.seconds(24 * 3600)
    /// How long a browser stays signed in.
    static let sessionLifetime = Duration.seconds(14 * 24 * 3600)
    /// More are forgotten, the oldest first.
    private static let countMax = 10_000

    /// No links, and the sessions that a file has.
    init(keptIn file: SessionFile?) {
        self.file = file
        state = Mutex(State(sessions: file?.sessions(at: .wallClock()) ?? [:]))
    }

    /// The secret of a new link.
    func newLink() -> Secret {
        let secret = Secret()
        state.withLock { state in
            Self.add(secret.digest, Link(end: Self.end(Self.linkLifetime)), to: &state.links)
        }
        return secret
    }

    /// Opens a session with a link's secret, which is used up by that; nil if it is none.
    func open(with text: String) -> Secret? {
        guard let link = Secret(text) else { return nil }
        let isGood = state.withLock { state in
            guard let found = state.links.removeValue(forKey: link.digest) else { return false }
            return found.end > .wallClock()
        }
        return isGood ? open(for: .operator) : nil
    }

    /// Opens a session for somebody.
    func open(for identity: Identity) -> Secret {
        let secret = Secret()
        let session = Session(identity: identity, end: Self.end(Self.sessionLifetime))
        state.withLock { state in Self.add(secret.digest, session, to: &state.sessions) }
        return secret
    }

    /// Whose session it is; nil if none is open.
    func identity(_ text: String) -> Identity? {
        guard let secret = Secret(text) else { return nil }
        return state.withLock { state in
            guard let session = state.sessions[secret.digest], session.end > .wallClock() else {
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

    /// Writes the sessions down that are open: a file and its flush, on the caller's thread.
    func keep() throws {
        guard let file else { return }
        try writing.withLock { _ in
            let now = Timestamp.wallClock()
            let open = state.withLock { $0.sessions.filter { $0.value.end > now } }
            try file.write(open)
        }
    }

    private static func end(_ lifetime: Duration) -> Timestamp {
        .wallClock().adding(milliseconds: lifetime.components.seconds * 1000)
    }

    private static func add<Item: Ending>(
        _ digest: Digest,
        _ item: Item,
        to list: inout [Digest: Item]
    ) {
        if list.count >= countMax {
            let now = Timestamp.wallClock()
            list = list.filter { $0.value.end > now }
            if list.count >= countMax, let oldest = list.min(by: { $0.value.end < $1.value.end }) {
                list[oldest.key] = nil
            }
        }
        list[digest] = item
    }
}

/// Something that holds until a time.
protocol Ending: Sendable {
    var end: Timestamp { get }
}
