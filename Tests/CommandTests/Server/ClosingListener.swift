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
        let listener = try LoopbackListener()
        port = listener.port
        Thread.detachNewThread { [self] in
            // As long as the tests run.
            while true {
                let connection = accept(listener.descriptor, nil, nil)
                guard connection >= 0 else { return }
                connections.add(1, ordering: .relaxed)
                close(connection)
            }
        }
    }
}
