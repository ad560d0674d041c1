/// Secret bytes that several values refer to, cleansed when the last of these goes.
final class SharedSecret: Sendable {
    /// The bytes.
    let bytes: SecretBytes

    init(copying bytes: RawSpan) { self.bytes = SecretBytes(copying: bytes) }
}
