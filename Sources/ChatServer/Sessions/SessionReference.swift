import NIOCore
import Synchronization

/// A reference to a session's handler, for code outside its event loop.
final class SessionReference: SessionPort {
    let id: UInt64
    private let loop: any EventLoop
    private let handler: NIOLoopBound<SessionHandler>
    private let ended = Atomic(false)

    init(id: UInt64, loop: any EventLoop, handler: SessionHandler) {
        self.id = id
        self.loop = loop
        self.handler = NIOLoopBound(handler, eventLoop: loop)
    }

    var isGone: Bool { ended.load(ordering: .relaxed) }

    func end() { ended.store(true, ordering: .relaxed) }

    func tell(_ order: SessionOrder) {
        loop.execute { self.handler.value.follow(order) }
    }
}
