import Dispatch
import Glibc

/// Removes what is half made when the process is asked to stop, and then ends it as the signal
/// would have.
final class StopGuard {
    private let sources: [any DispatchSourceSignal]

    /// Runs `clean` at SIGINT, SIGTERM or SIGHUP; on a thread of its own.
    init(_ clean: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            // The default action would end the process at once.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                clean()
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
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
    }
}
