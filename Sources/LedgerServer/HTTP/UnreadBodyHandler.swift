import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends a connection whose client goes on sending a body long after its request was answered.
///
/// Hummingbird reads a body that no endpoint wanted to its end, however slowly that comes.
final class UnreadBodyHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let patience: TimeAmount
    /// Requests that came as a whole, and answers that were given.
    ///
    /// Owned by the event loop, as is what follows: a client may send the next request before it
    /// has the answer to the last.
    private var endedCount = 0
    private var answeredCount = 0
    private var closing: Scheduled<Void>?

    /// Waits so long for the rest of a request after its answer.
    init(patience: TimeAmount) {
        self.patience = patience
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) {
            endedCount += 1
            stop()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            answeredCount += 1
            if answeredCount > endedCount, closing == nil {
                let channel = context.channel
                closing = channel.eventLoop.scheduleTask(in: patience) {
                    channel.close(promise: nil)
                }
            }
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
    }

    private func stop() {
        closing?.cancel()
        closing = nil
    }
}
