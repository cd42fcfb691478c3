import EventLog
import Synchronization
import Transparency

/// The checkpoint that is handed out, signed anew from time to time.
///
/// Signing writes to disk; who asks again and again does not make the server do that.
final class Checkpoints: Sendable {
    private struct Signed {
        let note: SignedNote
        let at: ContinuousClock.Instant
    }

    private let last = Mutex<Signed?>(nil)

    /// How long a checkpoint is handed out.
    private static let lifetime = Duration.seconds(10)

    /// A checkpoint that was signed at most ten seconds ago.
    func current(_ log: EventLog) async throws(TransparencyError) -> SignedNote {
        if let signed = last.withLock({ $0 }), .now - signed.at < Self.lifetime {
            return signed.note
        }
        return try await signed(log)
    }

    /// A checkpoint of the log as it is now.
    func signed(_ log: EventLog) async throws(TransparencyError) -> SignedNote {
        let note = try await CheckpointSigner(log).sign()
        last.withLock { $0 = Signed(note: note, at: .now) }
        return note
    }
}
