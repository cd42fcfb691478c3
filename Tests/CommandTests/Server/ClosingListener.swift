import Foundation
import Glibc
import Synchronization

/// Listens on loopback, takes each connection, and ends it without a word, or with one answer.
final class ClosingListener: Sendable {
    let port: UInt16
    private let connections = Atomic<Int>(0)

    /// How many connections there were.
    var connectionCount: Int { connections.load(ordering: .relaxed) }

    /// Listens; who says something is answered with these bytes, if there are any.
    init(answer: [UInt8] = []) throws {
        let listener = try LoopbackListener()
        port = listener.port
        Thread.detachNewThread { [self] in
            // As long as the tests run.
            while true {
                let connection = accept(listener.descriptor, nil, nil)
                guard connection >= 0 else { return }
                connections.add(1, ordering: .relaxed)
                if !answer.isEmpty {
                    var asked = [UInt8](repeating: 0, count: 65_536)
                    _ = unsafe asked.withUnsafeMutableBytes {
                        unsafe recv(connection, $0.baseAddress, $0.count, 0)
                    }
                    _ = unsafe answer.withUnsafeBytes {
                        unsafe send(
                            connection,
                            $0.baseAddress,
                            $0.count,
                            CInt(MSG_NOSIGNAL)
                        )
                    }
                }
                close(connection)
            }
        }
    }
}
