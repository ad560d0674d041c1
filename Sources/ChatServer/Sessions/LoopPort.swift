import NIOCore

/// The sessions of one event loop, as the writer sees them: where what all of them get goes.
protocol LoopPort: Sendable {
    /// Hands over one encoded stretch of new entries, from the first to the last of them.
    func deliver(_ stretch: ByteBuffer, from first: UInt64, to last: UInt64)
    /// Hands over lines of the registry, and the entry after which they count.
    func announce(_ frame: ByteBuffer, after seq: UInt64)
}
