import Glibc

/// Threads that share work which blocks or computes for long.
package enum Workers {
    /// More than that share nothing but memory bandwidth.
    private static let countMax = 8

    /// How many threads work at once without waiting for each other.
    package static var count: Int {
        max(1, min(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), countMax))
    }

    /// Runs `body` with the numbers 0 to `count` - 1, each on a thread of its own, and waits.
    ///
    /// Number 0 is the calling thread.
    @available(*, noasync)
    package static func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            let threads = (1..<max(1, count)).map { number in
                BlockingThread(name: "worker \(number)") { body(number) }
            }
            body(0)
            for thread in threads { thread.join() }
        }
    }
}
