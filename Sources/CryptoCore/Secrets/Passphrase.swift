/// A passphrase.
///
/// It is shared by reference, so that memory holds one copy.
public final class Passphrase: Sendable {
    /// The bytes, without a line end.
    public let bytes: SecretBytes

    /// The largest passphrase that is accepted, in bytes.
    public static let largestByteCount = 1024

    /// Takes the ownership of bytes.
    public init(_ bytes: consuming SecretBytes) { self.bytes = bytes }
}
