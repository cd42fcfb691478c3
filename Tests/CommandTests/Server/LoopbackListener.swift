import Glibc

/// A socket that listens on loopback, at a free port; whoever accepts from it closes it.
struct LoopbackListener: Sendable {
    let descriptor: CInt
    let port: UInt16

    init() throws {
        let listener = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                guard unsafe bind(listener, place, length) == 0 else { return false }
                guard listen(listener, 64) == 0 else { return false }
                return unsafe getsockname(listener, place, &length) == 0
            }
        }
        guard isBound else { throw TestFailure("no port on loopback: \(errno)") }
        descriptor = listener
        port = UInt16(bigEndian: address.sin_port)
    }
}
