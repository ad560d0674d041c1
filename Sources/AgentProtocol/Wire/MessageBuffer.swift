public import CryptoCore

/// Collects the bytes of one connection until they are one message.
///
/// The caller reads at most `wantedByteCount` bytes from the socket each time, so the bytes of the
/// next message stay in the kernel. Messages may hold secrets, so the buffer is cleansed.
public struct MessageBuffer: ~Copyable {
    private static let headByteCount = 4

    private var head: [UInt8] = []
    private var length = 0
    private var body = SecretBuffer(count: 0)
    private var count = 0

    /// Starts with nothing.
    public init() {}

    private var isInBody: Bool { head.count == MessageBuffer.headByteCount }

    /// How many bytes the next read may take; 0 where a message is complete.
    public var wantedByteCount: Int {
        isInBody
            ? min(length - count, AgentLimits.readByteCount)
            : MessageBuffer.headByteCount - head.count
    }

    /// The memory of an unfinished message beyond the size of small ones, in bytes.
    public var largeByteCount: Int {
        body.count > AgentLimits.smallMessageByteCount ? body.count : 0
    }

    /// Takes the next bytes, at most `wantedByteCount`.
    ///
    /// Throws `AgentError` for a message that is empty or too long.
    public mutating func receive(_ bytes: RawSpan) throws(AgentError) {
        precondition(bytes.byteCount <= wantedByteCount)
        guard isInBody else {
            for index in 0..<bytes.byteCount {
                head.append(bytes.byte(at: index))
            }
            guard isInBody else { return }
            length = head.reduce(0) { $0 << 8 | Int($1) }
            guard (1...AgentLimits.largestMessageByteCount).contains(length) else {
                throw AgentError.malformed
            }
            return
        }
        if count + bytes.byteCount > body.count {
            // Grown as bytes come, not as a length says.
            let capacity = min(
                length,
                max(2 * body.count, count + bytes.byteCount, AgentLimits.smallMessageByteCount)
            )
            var grown = SecretBuffer(count: capacity)
            let filled = 0..<count
            grown.withMutableBytes(filled) { view in
                body.withBytes(filled) { view.copy($0, to: 0) }
            }
            body = grown
        }
        body.withMutableBytes(count..<(count + bytes.byteCount)) { $0.copy(bytes, to: 0) }
        count += bytes.byteCount
    }

    /// The message, once it is complete: its type and its fields; then the next one begins.
    public mutating func takeMessage() -> SecretBytes? {
        guard isInBody, count == length else { return nil }
        let message = body.withBytes(0..<count) { SecretBytes(copying: $0) }
        head = []
        length = 0
        count = 0
        body = SecretBuffer(count: 0)
        return message
    }
}
