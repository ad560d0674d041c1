import NIOCore
import NIOTLS

/// Reports the end of the TLS handshake to a `Handshake`, and closes the channel after `timeout`.
///
/// It runs on the channel's event loop.
final class HandshakeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    private static let timeout = TimeAmount.seconds(10)
    private let handshake: Handshake
    private var deadline: Scheduled<Void>?

    init(_ handshake: Handshake) { self.handshake = handshake }

    func handlerAdded(context: ChannelHandlerContext) {
        // The server may accept the connection and then send nothing.
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: HandshakeHandler.timeout) {
            channel.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(negotiatedProtocol: _)? = event as? TLSUserEvent {
            deadline?.cancel()
            handshake.finish(true)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        handshake.finish(false)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A server that refuses closes the connection. The frames before the close were already
        // delivered.
        handshake.finish(false)
        context.close(promise: nil)
    }
}
