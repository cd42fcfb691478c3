package import PromotionModel
package import Requests

/// How a server is run.
package struct ServerSettings: Sendable {
    /// The address to listen at.
    package var host = "127.0.0.1"
    /// The port; 0 for any that is free.
    package var port = 8080
    /// Further names by which the server is addressed, with the port if it is not the scheme's.
    package var otherHosts: [String] = []
    /// Bytes that a JSON body may have.
    package var bodyByteCountMax = 1 << 20
    /// Bytes that manifests may have.
    package var manifestByteCountMax = 16 << 20
    /// Bytes that the head of a request may have.
    package var headByteCountMax = 32 << 10
    /// How long a body may take, and how long what nobody reads of it after the answer.
    package var bodyPatience = Duration.seconds(30)
    /// After which time a connection is closed on which nothing is asked: a head that is not
    /// complete asks nothing, however many of its bytes come.
    package var idleSeconds: Int64 = 60
    /// Connections at the same time; others wait until one is closed.
    package var connectionCountMax = 4096
    /// Writes a second that one client may ask for, on average; bursts may be twice that.
    package var writesPerSecond = 500.0
    /// Refused attempts to enter a second that one address may make.
    package var refusalsPerSecond = 10.0
    /// How long a reader of `/v1/events` may take nothing of what is sent before it is dropped.
    package var readerPatience = Duration.seconds(30)
    /// The pause after which a reader of events is sent a sign of life.
    package var heartbeat = Duration.seconds(15)
    /// How versions that nobody has discovered are looked up; nil if they are not.
    package var lookUp: Desk.LookUp?
    /// How warehouses are looked at; nil if they are not.
    package var look: Desk.Look?
    /// What to warn of in manifests that are applied.
    package var warnings: @Sendable ([Resource]) -> [String] = { _ in [] }
    /// What webhooks need; nil if they are not taken.
    package var webhooks: WebhookSettings?
    /// Whether each request is logged.
    package var logsRequests = false
    /// Whether this process runs the automation.
    package var isConducting = true

    /// The settings where nobody said anything else.
    package init() {}
}
