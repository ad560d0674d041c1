import NIOCore

/// Calls a closure when the channel accepts more bytes again; it runs on the channel's event loop.
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
