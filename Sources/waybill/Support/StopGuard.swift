import Glibc
import Synchronization

/// Removes what is half made when the process is asked to stop, and then ends it as the signal
/// would have.
final class StopGuard: Sendable {
    private static let numbers = [SIGINT, SIGTERM, SIGHUP]

    /// Whether a signal has come: the process ends as soon as what is half made is removed.
    private static let isStopping = Atomic(false)

    /// Makes something that `discard` removes at SIGINT, SIGTERM or SIGHUP, on a thread of its own.
    ///
    /// Whoever asks while it is being made is heard right after: nothing is left in between.
    static func making<T: Sendable, E: Error>(
        _ make: () throws(E) -> T,
        discard: @escaping @Sendable (T) -> Void
    ) throws(E) -> (T, StopGuard) {
        let guardian = StopGuard()
        do throws(E) {
            let made = try guardian.cleaning.withLock { clean throws(E) in
                let made = try make()
                clean = { discard(made) }
                return made
            }
            return (made, guardian)
        } catch {
            guardian.end()
            throw error
        }
    }

    /// What is done before the process ends; guarded while it is being found out.
    private let cleaning = Mutex<(@Sendable () -> Void)?>(nil)

    private init() {
        SignalPipe.hear(Self.numbers) { [self] number in
            Self.isStopping.store(true, ordering: .sequentiallyConsistent)
            // Not given back: who waits to publish what was discarded waits for the end.
            cleaning.withLock { clean in
                clean?()
                SignalPipe.end(by: number)
            }
        }
    }

    /// Puts what was made in its place, by `publish`, or fails, and it is half made still.
    ///
    /// A signal is heard before or after: it is discarded wholly, or is there wholly.
    func finish<E: Error>(_ publish: () throws(E) -> Void) throws(E) {
        try cleaning.withLock { clean throws(E) in
            try publish()
            clean = nil
        }
        end()
    }

    private func end() {
        SignalPipe.stopHearing(Self.numbers)
    }

    /// Does not return if a signal ends the process.
    ///
    /// For who fails meanwhile: what it worked on is being removed, so its error says nothing.
    static func waitIfStopping() {
        while isStopping.load(ordering: .sequentiallyConsistent) { pause() }
    }
}
