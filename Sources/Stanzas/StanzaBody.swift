public import CryptoCore

/// The bytes of a stanza's body, in memory that is cleansed at its end.
///
/// It is shared by reference, so that memory holds one copy. The memory is not locked: a program on
/// the other side could use up the locked heap with many bodies.
@safe
public final class StanzaBody: @unchecked Sendable {
    // `@unchecked Sendable`: the buffer is never written after `init`.
    private let buffer: SecretBuffer

    /// A body without bytes.
    public static let empty = StanzaBody([UInt8]().borrowedBytes)

    /// Copies borrowed bytes.
    public init(_ bytes: RawSpan) {
        var buffer = SecretBuffer(count: bytes.byteCount)
        buffer.withMutableBytes(0..<bytes.byteCount) { $0.copy(bytes, to: 0) }
        self.buffer = buffer
    }

    /// Copies bytes that are not secret.
    public convenience init(_ bytes: [UInt8]) { self.init(bytes.borrowedBytes) }

    /// The number of bytes.
    public var count: Int { buffer.count }

    /// Calls `body` with the bytes; throws what `body` throws.
    public func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try buffer.withBytes(0..<buffer.count, body)
    }

    /// A copy of the bytes for use as a secret.
    public func secret() -> SecretBytes { withBytes { SecretBytes(copying: $0) } }

    /// The bytes as an ordinary array, for a body that is not secret.
    public var publicBytes: [UInt8] {
        // SAFETY: the buffer is copied while it is borrowed.
        withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
    }
}
