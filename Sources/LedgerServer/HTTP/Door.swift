import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// One door of the server: an address that it listens at, and the gate behind it.
///
/// Hummingbird's server without its `Application`, which keeps a timer of a second for the Date
/// field: two doors made seven wake-ups a second of a server that nobody asks anything.
struct Door: Service {
    let gate: Gate
    let address: BindAddress
    /// Called once, with the channel that listens.
    let isOpen: @Sendable (any Channel) async -> Void

    /// Answers until the group shuts down.
    ///
    /// - Throws: if the address cannot be listened at.
    func run() async throws {
        let (gate, core) = (gate, gate.core)
        let dates = DateField()
        let server = try HTTPServerBuilder.http1(configuration: Self.channel(core.settings))
            .buildServer(
                configuration: ServerConfiguration(
                    address: address,
                    availableConnectionsDelegate: MaximumAvailableConnections(
                        core.settings.connectionCountMax,
                        logger: core.logger
                    )
                ),
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                logger: core.logger,
                responder: { request, writer, channel in
                    var response = await gate.respond(to: request, through: channel)
                    response.headers[.date] = dates.now
                    try await writer.write(response: response.head, body: response.body)
                },
                onServerRunning: isOpen
            )
        try await server.run()
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
