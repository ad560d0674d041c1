/// A message that was sealed for an X-Wing key.
public struct XWingMessage: Sendable, Hashable {
    /// What the private key gets the message's key from: `XWing.encapsulatedKeyByteCount` bytes.
    public let encapsulatedKey: [UInt8]
    /// The encrypted message with its tag.
    public let ciphertext: [UInt8]

    /// Takes the two parts of a message.
    public init(encapsulatedKey: [UInt8], ciphertext: [UInt8]) {
        self.encapsulatedKey = encapsulatedKey
        self.ciphertext = ciphertext
    }
}
