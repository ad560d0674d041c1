import NIOCore
import Synchronization

/// A session's handler, from outside its event loop.
final class SessionReference: Sendable {
    let id: UInt64
    private let loop: any EventLoop
    private let handler: NIOLoopBound<SessionHandler>
    private let ended = Atomic(false)

    init(id: UInt64, loop: any EventLoop, handler: SessionHandler) {
        self.id = id
        self.loop = loop
        self.handler = NIOLoopBound(handler, eventLoop: loop)
    }

    /// Whether the connection is gone: nothing needs to be done for it.
    var isGone: Bool { ended.load(ordering: .relaxed) }

    func end() { ended.store(true, ordering: .relaxed) }

    /// Calls `body` on the session's loop, after everything that was handed over before.
    func run(_ body: @escaping @Sendable (SessionHandler) -> Void) {
        loop.execute { body(self.handler.value) }
    }
}
