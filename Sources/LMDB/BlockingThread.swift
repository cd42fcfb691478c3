import CLMDB
import Glibc

/// A thread of its own for work that blocks.
///
/// Whoever starts one either joins or detaches it.
package struct BlockingThread: Sendable {
    private final class Work {
        let name: String
        let body: @Sendable () -> Void

        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private let thread: pthread_t

    /// Runs `body` on a new thread, which ends with it.
    ///
    /// `name` is at most 15 bytes.
    init(name: String, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(Work(name, body)).toOpaque()
        let code = unsafe pthread_create(
            &thread,
            nil,
            { context in
                guard let context = unsafe context else {
                    preconditionFailure("pthread_create lost its context")
                }
                let work = unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
                unsafe clmdb_name_thread(work.name)
                work.body()
                return nil
            },
            context
        )
        precondition(code == 0, "pthread_create failed with \(code)")
        self.thread = thread
    }

    /// Runs `body` on a new thread of its own, which nobody waits for.
    ///
    /// `name` is at most 15 bytes.
    package static func detached(named name: String, _ body: @escaping @Sendable () -> Void) {
        BlockingThread(name: name, body).detach()
    }

    /// Waits until the thread has ended.
    func join() {
        let code = pthread_join(thread, nil)
        precondition(code == 0, "pthread_join failed with \(code)")
    }

    /// Lets the thread end on its own.
    func detach() {
        pthread_detach(thread)
    }
}
