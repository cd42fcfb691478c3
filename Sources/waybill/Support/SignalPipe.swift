import Dispatch
import Glibc
import Synchronization

/// Signals that ask the process to stop, heard from the moment on that somebody wants to hear them.
///
/// A dispatch source of signals begins to hear on another thread, some time after it is resumed,
/// and what comes before is lost. Here a handler, which is there at once, writes the signal's
/// number to a pipe that a dispatch source reads.
enum SignalPipe {
    /// Calls `heard` with each of these signals that comes, on a thread of its own, until
    /// `stopHearing`.
    ///
    /// One at a time hears.
    static func hear(_ numbers: [CInt], _ heard: @escaping @Sendable (CInt) -> Void) {
        listener.withLock { listener in
            precondition(listener == nil, "two want to hear signals at the same time")
            listener = heard
        }
        writing.store(pipe.writing, ordering: .sequentiallyConsistent)
        for number in numbers {
            signal(number) { number in
                // Nothing here but what signal-safety(7) allows.
                let before = errno
                var byte = UInt8(truncatingIfNeeded: number)
                let end = SignalPipe.writing.load(ordering: .relaxed)
                _ = unsafe write(end, &byte, 1)
                errno = before
            }
        }
    }

    /// Lets these signals end the process again, one that came and was not heard yet, too.
    static func stopHearing(_ numbers: [CInt]) {
        for number in numbers { signal(number, SIG_DFL) }
        listener.withLock { $0 = nil }
    }

    /// Ends the process as the signal would have.
    static func end(by number: CInt) {
        signal(number, SIG_DFL)
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        unsafe sigaddset(&mask, number)
        // Threads of dispatch block signals; raised in this one it is nobody else's.
        unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        raise(number)
    }

    private static let listener = Mutex<(@Sendable (CInt) -> Void)?>(nil)
    /// What the handler writes to: it may not wait for a value to be made.
    private static let writing = Atomic<CInt>(-1)
    /// Made once, and never closed: a handler may be about to write.
    private static let pipe = Pipe()

    private final class Pipe: @unchecked Sendable {
        let writing: CInt
        private let source: any DispatchSourceRead

        init() {
            var ends: [CInt] = [-1, -1]
            let status = unsafe Glibc.pipe(&ends)
            precondition(status == 0, "no pipe for signals: the process has no descriptors left")
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            let reading = ends[0]
            writing = ends[1]
            source = DispatchSource.makeReadSource(fileDescriptor: reading, queue: .global())
            source.setEventHandler {
                var byte: UInt8 = 0
                guard unsafe read(reading, &byte, 1) == 1 else { return }
                let heard = SignalPipe.listener.withLock { $0 }
                if let heard { heard(CInt(byte)) } else { SignalPipe.end(by: CInt(byte)) }
            }
            source.resume()
        }
    }
}
