import Glibc

extension Timestamp {
    /// The wall clock's time now.
    package static func wallClock() -> Timestamp {
        var time = timespec()
        let code = unsafe clock_gettime(CLOCK_REALTIME, &time)
        precondition(code == 0, "the kernel has no real-time clock")
        return Timestamp(rawValue: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
