internal import SwiftProtobuf

/// Frames as bytes: a length of four bytes, big endian, then a `WireFrame`.
package enum FrameCodec {
    /// Largest frame before a session is admitted.
    package static let earlyLimit = 256 << 10
    /// Largest frame of an admitted session.
    package static let limit = 2 << 20
    static let headByteCount = 4

    /// A frame's bytes.
    package static func encode(_ frame: WireFrame) -> [UInt8] {
        guard let body: [UInt8] = try? frame.serializedBytes() else { return [] }
        let count = UInt32(body.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * UInt32($0))) } + body
    }
}

/// Takes bytes as they come, and gives whole frames.
package struct FrameDecoder: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0
    /// Largest frame that is taken; checked before anything is kept.
    package var limit: Int

    /// Starts with nothing received.
    package init(limit: Int) { self.limit = limit }

    /// Adds bytes that arrived.
    package mutating func receive(_ bytes: some Collection<UInt8>) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame, if there is one; throws `ChatError` for one that is too large or
    /// cannot be read.
    package mutating func next() throws(ChatError) -> WireFrame? {
        guard buffer.count - start >= FrameCodec.headByteCount else { return nil }
        let head = buffer[start..<(start + FrameCodec.headByteCount)]
        let count = head.reduce(0) { $0 << 8 | Int($1) }
        guard count <= limit else { throw ChatError.oversized(count, limit: limit) }
        let bodyStart = start + FrameCodec.headByteCount
        guard buffer.count - bodyStart >= count else { return nil }
        let body = buffer[bodyStart..<(bodyStart + count)]
        start = bodyStart + count
        do {
            return try WireFrame(serializedBytes: Array(body))
        } catch {
            throw ChatError.violation("a frame cannot be read")
        }
    }
}
