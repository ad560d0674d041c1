internal import SwiftProtobuf

/// The encoding of frames: a length of four bytes, big endian, then a `WireFrame`.
package enum FrameCodec {
    /// The largest frame before a session is admitted, in bytes.
    package static let earlyLimit = ServerLimits.earlyFrameByteCount
    /// The largest frame of an admitted session, in bytes.
    package static let limit = ServerLimits.frameByteCount
    static let headByteCount = 4

    /// Returns the bytes of a frame.
    package static func encode(_ frame: WireFrame) -> [UInt8] {
        guard let body: [UInt8] = try? frame.serializedBytes() else { return [] }
        let count = UInt32(body.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * UInt32($0))) } + body
    }
}

/// Collects received bytes and returns complete frames.
package struct FrameDecoder: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0
    /// The largest frame that is accepted, in bytes.
    ///
    /// It is checked before anything is stored.
    package var limit: Int
    private let kinds: Set<Int>?

    /// Makes an empty decoder.
    ///
    /// With `kinds` (numbers of fields), frames of other kinds are refused before they are decoded.
    package init(limit: Int, kinds: Set<Int>? = nil) {
        self.limit = limit
        self.kinds = kinds
    }

    /// The kinds of frames that a client sends: fields of `Frame` in docs/wire/chat.proto.
    package static let clientKinds: Set<Int> = [
        1,  // hello
        5,  // publish
        9,  // history_request
        11,  // who_request
        13,  // received
        14,  // shutdown_request
        16,  // ping
        17,  // pong
        18,  // reload_request
    ]

    /// Adds received bytes.
    package mutating func receive(_ bytes: some Collection<UInt8>) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Returns the next complete frame; `nil` if there is none yet.
    ///
    /// Throws `ChatError` if a frame is too large or cannot be read.
    package mutating func next() throws(ChatError) -> WireFrame? {
        guard buffer.count - start >= FrameCodec.headByteCount else { return nil }
        let head = buffer[start..<(start + FrameCodec.headByteCount)]
        let count = head.reduce(0) { $0 << 8 | Int($1) }
        guard count <= limit else { throw ChatError.oversized(count, limit: limit) }
        let bodyStart = start + FrameCodec.headByteCount
        guard buffer.count - bodyStart >= count else { return nil }
        let body = buffer[bodyStart..<(bodyStart + count)]
        start = bodyStart + count
        if let kinds { try FrameDecoder.requireKind(of: body, in: kinds) }
        do {
            return try WireFrame(serializedBytes: Array(body))
        } catch {
            throw ChatError.violation("a frame cannot be read")
        }
    }

    /// Throws unless a frame is one field of these kinds, and has at most as many fields inside as
    /// a Hello may have.
    private static func requireKind(
        of body: ArraySlice<UInt8>,
        in kinds: Set<Int>
    ) throws(ChatError) {
        var scan = WireScan(body)
        guard let kind = try scan.next(), kinds.contains(kind.number), let content = kind.content,
            try scan.next() == nil
        else { throw ChatError.violation("a frame came that clients do not send") }
        var inner = WireScan(body[content])
        var fieldCount = 0
        while try inner.next() != nil {
            fieldCount += 1
            guard fieldCount <= ServerLimits.helloFieldCount else {
                throw ChatError.violation("a frame has too many fields")
            }
        }
    }
}
