/// A passphrase, shared by reference so that there is one copy of it.
public final class Passphrase: Sendable {
    /// Its bytes, without a line end.
    public let bytes: SecretBytes

    /// Largest passphrase that is taken, in bytes.
    public static let largestByteCount = 1024

    /// Takes over bytes as a passphrase.
    public init(_ bytes: consuming SecretBytes) { self.bytes = bytes }
}
