import Synchronization

/// Records bytes that pass.
final class Recorder: Sendable {
    private let recorded = Mutex<[UInt8]>([])

    var bytes: [UInt8] { recorded.withLock { $0 } }

    func add(_ bytes: [UInt8]) { recorded.withLock { $0 += bytes } }
}
