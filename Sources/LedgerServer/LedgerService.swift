import EventLog
import Hummingbird
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
        let local = application(
            Gate(core: core, isLocal: true),
            at: .unixDomainSocket(path: socket.address)
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
        let remote = application(
            Gate(core: core),
            at: .hostname(settings.host, port: settings.port)
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

    /// One door of the server.
    private func application(
        _ gate: Gate,
        at address: BindAddress,
        isRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> Application<Gate> {
        Application(
            responder: gate,
            server: .http1(configuration: Self.channel(core.settings)),
            configuration: ApplicationConfiguration(
                address: address,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    core.settings.connectionCountMax,
                    logger: core.logger
                )
            ),
            onServerRunning: isRunning,
            logger: core.logger
        )
    }

    private static func channel(_ settings: ServerSettings) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                UnreadBodyHandler(patience: TimeAmount(settings.bodyPatience))
            ],
            idleTimeout: .seconds(settings.idleSeconds),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: settings.headByteCountMax,
                maxHeaderListSize: settings.headByteCountMax,
                maxHeaderFieldCount: 100
            )
        )
    }
}
