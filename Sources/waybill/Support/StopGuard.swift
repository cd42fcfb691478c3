import Dispatch
import Glibc
import Synchronization

/// Removes what is half made when the process is asked to stop, and then ends it as the signal
/// would have.
final class StopGuard {
    private static let numbers = [SIGINT, SIGTERM, SIGHUP]

    private let sources: [any DispatchSourceSignal]

    /// Makes something that `discard` removes at SIGINT, SIGTERM or SIGHUP, on a thread of its own.
    ///
    /// Whoever asks while it is being made is heard right after: nothing is left in between.
    static func making<T: Sendable, E: Error>(
        _ make: () throws(E) -> T,
        discard: @escaping @Sendable (T) -> Void
    ) throws(E) -> (T, StopGuard) {
        let cleaning = Cleaning()
        let guardian = StopGuard(cleaning)
        do throws(E) {
            let made = try cleaning.clean.withLock { clean throws(E) in
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
    private final class Cleaning: Sendable {
        let clean = Mutex<(@Sendable () -> Void)?>(nil)
    }

    private init(_ cleaning: Cleaning) {
        sources = Self.numbers.map { number in
            // The default action would end the process at once.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                cleaning.clean.withLock { $0?() }
                signal(number, SIG_DFL)
                kill(getpid(), number)
            }
            source.resume()
            return source
        }
    }

    /// Nothing is half made any more.
    func end() {
        for source in sources { source.cancel() }
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}
