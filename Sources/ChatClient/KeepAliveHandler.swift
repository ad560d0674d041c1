import ChatProtocol
import NIOCore

/// Sends a ping at each interval, and closes the channel if nothing was received for `patience`.
///
/// So a connection that broke without a signal is found and made again. It runs on the channel's
/// event loop.
final class KeepAliveHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let interval = TimeAmount.seconds(30)
    private static let patience = TimeAmount.seconds(75)
    private var lastHeard = NIODeadline.now()
    private var timer: RepeatedTask?

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleRepeatedTask(
            initialDelay: KeepAliveHandler.interval,
            delay: KeepAliveHandler.interval
        ) { _ in
            let (handler, context) = bound.value
            handler.tick(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastHeard = .now()
        context.fireChannelRead(data)
    }

    private func tick(_ context: ChannelHandlerContext) {
        guard NIODeadline.now() - lastHeard < KeepAliveHandler.patience else {
            return context.close(promise: nil)
        }
        let ping = FrameCodec.encode(.ping)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: ping)), promise: nil)
    }
}
