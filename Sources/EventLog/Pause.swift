import Glibc

/// Waiting on a thread that may block.
enum Pause {
    /// A few dozen microseconds, in which other threads get on.
    static func brief() {
        usleep(20)
    }
}
