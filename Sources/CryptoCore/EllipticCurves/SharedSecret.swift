/// Secret bytes that several values share.
///
/// They are cleansed when the last of these values is gone.
final class SharedSecret: Sendable {
    /// The bytes.
    let bytes: SecretBytes

    init(copying bytes: RawSpan) { self.bytes = SecretBytes(copying: bytes) }
}
