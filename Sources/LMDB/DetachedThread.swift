import CLMDB
import Glibc

/// Starts a thread of its own for work that blocks.
enum DetachedThread {
    private final class Work {
        let name: String
        let body: @Sendable () -> Void

        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Runs `body` on a new thread, which ends with it.
    ///
    /// `name` is at most 15 bytes.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) {
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
        pthread_detach(thread)
    }
}
