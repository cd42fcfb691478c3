import Hummingbird
import NIOCore

/// Writes to a reader who may be slow, and ends the connection of one that takes nothing for long.
struct PatientWriter: Sendable {
    let channel: any Channel
    /// How long a piece may take.
    let patience: Duration
    /// What is done when a reader is dropped.
    var dropped: @Sendable () -> Void = {}

    /// Writes a piece; returns when there is room for the next.
    @concurrent
    func write(_ piece: ByteBuffer, to writer: inout any ResponseBodyWriter) async throws {
        let (channel, dropped) = (channel, dropped)
        let drop = channel.eventLoop.scheduleTask(in: TimeAmount(patience)) {
            dropped()
            channel.close(promise: nil)
        }
        defer { drop.cancel() }
        try await writer.write(piece)
    }
}
