import NIOCore

/// A reference to an event loop's hub, for code on other threads.
struct LoopHubReference: LoopPort {
    private let loop: any EventLoop
    private let hub: NIOLoopBoundBox<LoopHub>

    init(_ loop: any EventLoop) {
        self.loop = loop
        hub = NIOLoopBoundBox.makeBoxSendingValue(LoopHub(), eventLoop: loop)
    }

    /// Whether it is the hub of this loop.
    func belongs(to loop: any EventLoop) -> Bool { self.loop === loop }

    /// The hub, for code that runs on its loop.
    var onLoop: LoopHub { hub.value }

    func deliver(_ stretch: ByteBuffer, from first: UInt64, to last: UInt64) {
        loop.execute { [hub] in hub.value.deliver(stretch, from: first, to: last) }
    }

    func announce(_ frame: ByteBuffer, after seq: UInt64) {
        loop.execute { [hub] in hub.value.announce(frame, after: seq) }
    }
}
