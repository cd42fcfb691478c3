import CLMDB
import Glibc

/// The kernel's random numbers.
package enum RandomBytes {
    /// As many as asked for, by `getrandom`.
    package static func draw(_ byteCount: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, filled in
            while filled < byteCount {
                let rest = unsafe bytes.baseAddress?.advanced(by: filled)
                let got = unsafe getrandom(rest, byteCount - filled, 0)
                precondition(got >= 0 || errno == EINTR, "the kernel has no random numbers")
                filled += max(got, 0)
            }
        }
    }
}
