import NIOCore
import NIOTLS

/// Notices the end of a connection's handshake, and gives up a server that says nothing.
final class HandshakeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    private static let timeout = TimeAmount.seconds(10)
    private let handshake: Handshake
    private var deadline: Scheduled<Void>?

    init(_ handshake: Handshake) { self.handshake = handshake }

    func handlerAdded(context: ChannelHandlerContext) {
        // A server that accepts and then says nothing is given up.
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
        // A server that refuses closes; what it said before is already on its way up.
        handshake.finish(false)
        context.close(promise: nil)
    }
}
