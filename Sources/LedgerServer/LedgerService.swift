import EventLog
import HummingbirdCore
package import Ledger
package import Logging
import NIOCore
import Requests
import ServiceLifecycle
import Synchronization

/// The HTTP server of a ledger, until the group that it is in shuts down.
package struct LedgerService: Service {
    private let core: ServerCore
    private let isListening: @Sendable (Int, String) async -> Void

    /// A server of a ledger that is open for writing.
    ///
    /// `isListening` is told the port and a path that signs a browser in once.
    package init(
        _ ledger: Ledger,
        _ settings: ServerSettings,
        _ access: Access,
        _ logger: Logger,
        isListening: @escaping @Sendable (_ port: Int, _ signInPath: String) async -> Void
    ) {
        core = ServerCore(ledger, settings, access, logger)
        self.isListening = isListening
    }

    /// Serves until the group shuts down.
    ///
    /// - Throws: if the address cannot be listened at, or a commit is in doubt.
    package func run() async throws {
        let core = core
        let socket = try ServerSocket(in: core.ledger.log.path)
        defer { socket.remove() }
        // The address is told when the socket is there, too.
        let (published, publishing) = AsyncStream<Void>.makeStream()
        let local = Door(
            gate: Gate(core: core, isLocal: true),
            address: .unixDomainSocket(path: socket.address)
        ) { _ in
            do {
                try socket.publish()
                publishing.finish()
            } catch {
                core.isInDoubt(error)
            }
        }
        let isListening = isListening
        let settings = core.settings
        let remote = Door(
            gate: Gate(core: core),
            address: .hostname(settings.host, port: settings.port)
        ) { channel in
            for await _ in published {}
            let port = channel.localAddress?.port ?? settings.port
            core.access.listens(at: port)
            let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
            core.authority.withLock { $0 = "\(host):\(port)" }
            await isListening(port, core.access.newLinkPath())
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await withThrowingTaskGroup(of: Void.self) { doors in
                    doors.addTask { try await local.run() }
                    doors.addTask { try await remote.run() }
                    // Not waitForAll: that would wait for the one door although the other could
                    // not be opened.
                    for try await _ in doors {}
                }
            }
            group.addTask {
                for await _ in core.doubts {}
                if let error = core.doubt.withLock({ $0 }) { throw error }
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
