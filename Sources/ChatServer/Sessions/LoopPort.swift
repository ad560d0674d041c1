import NIOCore

/// The engine's view of the sessions of one event loop, for frames that all sessions get.
protocol LoopPort: Sendable {
    /// Delivers one encoded stretch of new entries, from `first` to `last`.
    func deliver(_ stretch: ByteBuffer, from first: UInt64, to last: UInt64)
    /// Delivers lines of the registry, to be sent after the entry `seq`.
    func announce(_ frame: ByteBuffer, after seq: UInt64)
}
