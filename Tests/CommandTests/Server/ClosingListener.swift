import Foundation
import Glibc
import Synchronization

/// Listens on loopback, takes each connection, and ends it without a word.
final class ClosingListener: Sendable {
    let port: UInt16
    private let connections = Atomic<Int>(0)

    /// How many connections there were.
    var connectionCount: Int { connections.load(ordering: .relaxed) }

    init() throws {
        let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard unsafe bind(socket, pointer, length) == 0, listen(socket, 16) == 0 else {
                    return CInt(-1)
                }
                return unsafe getsockname(socket, pointer, &length)
            }
        }
        guard code == 0 else { throw TestFailure("no listener: \(errno)") }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            // As long as the tests run.
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                connections.add(1, ordering: .relaxed)
                close(connection)
            }
        }
    }
}
