/// A message that was sealed for an X-Wing key.
public struct XWingMessage: Sendable, Hashable {
    /// The encapsulated key, from which the private key derives the message's key.
    ///
    /// It has `XWing.encapsulatedKeyByteCount` bytes.
    public let encapsulatedKey: [UInt8]
    /// The encrypted message with its tag.
    public let ciphertext: [UInt8]

    /// Creates a message from its two parts.
    public init(encapsulatedKey: [UInt8], ciphertext: [UInt8]) {
        self.encapsulatedKey = encapsulatedKey
        self.ciphertext = ciphertext
    }
}
