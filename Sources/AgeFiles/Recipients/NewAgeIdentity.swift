public import CryptoCore

/// An identity that was just made.
public struct NewAgeIdentity: ~Copyable, Sendable {
    /// The line for an identity file, without a line end: SECRET.
    public let text: SecretBytes
    /// The text of the identity's recipient.
    public let recipient: String

    init(_ text: consuming SecretBytes, recipient: String) {
        self.text = text
        self.recipient = recipient
    }
}
