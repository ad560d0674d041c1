internal import ChatProtocol
internal import NIOCore
internal import NIOTLS

/// Decodes the frames of a channel and passes them to a receiver.
final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private var decoder = FrameDecoder(limit: FrameCodec.limit)
    private let receiver: any FrameReceiver

    init(_ receiver: any FrameReceiver) { self.receiver = receiver }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.receive(unwrapInboundIn(data).readableBytesView)
        while let frame = try? decoder.next() { receiver.receive(frame) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { receiver.handshakeCompleted() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        receiver.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Receives the frames of one connection, on its event loop.
protocol FrameReceiver: Sendable {
    func handshakeCompleted()
    func receive(_ frame: WireFrame)
    func finish()
}
