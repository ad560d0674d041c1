import NIOCore

/// A loop's hub, from outside the loop.
struct LoopHubReference: Sendable {
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

    /// Calls `body` on the hub's loop, after everything that was handed over before.
    func run(_ body: @escaping @Sendable (LoopHub) -> Void) {
        loop.execute { body(hub.value) }
    }
}
