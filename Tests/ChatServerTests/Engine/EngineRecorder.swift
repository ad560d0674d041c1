import NIOCore
import Synchronization

@testable import ChatServer

/// What the writer told sessions and loops, in order.
final class EngineRecorder: LoopPort {
    enum Told: Sendable {
        case order(UInt64, SessionOrder)
        case entries(ByteBuffer, from: UInt64, to: UInt64)
        case registry(ByteBuffer, after: UInt64)
    }

    private let told = Mutex<[Told]>([])

    func deliver(_ stretch: ByteBuffer, from first: UInt64, to last: UInt64) {
        note(.entries(stretch, from: first, to: last))
    }

    func announce(_ frame: ByteBuffer, after seq: UInt64) { note(.registry(frame, after: seq)) }

    func note(_ one: Told) { told.withLock { $0.append(one) } }

    /// Everything since the last call.
    func take() -> [Told] {
        told.withLock { told in
            defer { told = [] }
            return told
        }
    }
}
