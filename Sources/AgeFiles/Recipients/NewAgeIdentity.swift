public import CryptoCore

/// An identity that was just made.
public struct NewAgeIdentity: ~Copyable, Sendable {
    /// The identity as a line of an identity file, without its end: SECRET.
    public let text: SecretBytes
    /// The recipient whose files it opens.
    public let recipient: String

    init(_ text: consuming SecretBytes, recipient: String) {
        self.text = text
        self.recipient = recipient
    }
}
