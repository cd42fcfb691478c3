import Dispatch
import Glibc
import LMDB
import Synchronization

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

extension StopGuard {
    /// What is being made, where the guard finds it.
    private final class Begun: Sendable {
        let staged = Mutex<StagedDirectory?>(nil)
    }

    /// Begins something new, and watches over it from before it is there: a signal that comes
    /// while it is begun waits until that is done, and then removes it.
    static func begin(
        _ begin: () throws -> StagedDirectory
    ) throws -> (staged: StagedDirectory, guardian: StopGuard) {
        let begun = Begun()
        let guardian = StopGuard { begun.staged.withLock { $0?.discard() } }
        do {
            let staged = try begun.staged.withLock { slot in
                let staged = try begin()
                slot = staged
                return staged
            }
            return (staged, guardian)
        } catch {
            guardian.end()
            throw error
        }
    }
}
