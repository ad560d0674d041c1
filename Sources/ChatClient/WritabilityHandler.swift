import NIOCore

/// Says when the other side reads again.
final class WritabilityHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    private let becameWritable: @Sendable () -> Void

    init(_ becameWritable: @escaping @Sendable () -> Void) { self.becameWritable = becameWritable }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { becameWritable() }
        context.fireChannelWritabilityChanged()
    }
}
