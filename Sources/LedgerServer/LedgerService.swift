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
        let isListening = isListening
        let settings = core.settings
        let application = Application(
            responder: Gate(core: core),
            server: .http1(configuration: Self.channel(settings)),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.connectionCountMax,
                    logger: core.logger
                )
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                core.access.listens(at: port)
                await isListening(port, core.access.newLinkPath())
            },
            logger: core.logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask {
                for await _ in core.doubts {}
                if let error = core.doubt.withLock({ $0 }) { throw error }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private static func channel(_ settings: ServerSettings) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            idleTimeout: .seconds(settings.idleSeconds),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: settings.headByteCountMax,
                maxHeaderListSize: settings.headByteCountMax,
                maxHeaderFieldCount: 100
            )
        )
    }
}
