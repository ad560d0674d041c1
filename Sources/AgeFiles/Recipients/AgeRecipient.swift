public import KeyFormats

/// A key or a passphrase that a file is encrypted for.
public protocol AgeRecipient {
    /// The recipient kind.
    var kind: any RecipientKind { get }
    /// The name in messages; a long key is shortened.
    var name: String { get }
    /// The recipient as written in a list of recipients; without a text form, its name.
    ///
    /// A text that is too long, or secret, is shortened.
    var text: String { get }
    /// A text that two recipients share only if they are the same one. It is for comparisons, and
    /// holds nothing secret.
    var distinctText: String { get }
    /// The RSA key, for callers that examine keys; `nil` for other kinds.
    var rsaKey: PublicKey? { get }
    /// Wraps a file key of `AgeHeader.fileKeyByteCount` bytes, with new random numbers each time.
    ///
    /// Throws `CryptoError` if OpenSSL or the random source fails.
    func wrap(_ fileKey: RawSpan) throws -> AgeStanza
}

extension AgeRecipient {
    /// By default, the text is also the name.
    public var text: String { name }
    /// By default, the text is whole.
    public var distinctText: String { text }
    /// By default, the recipient has no RSA key.
    public var rsaKey: PublicKey? { nil }
}
