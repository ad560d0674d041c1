public import KeyFormats

/// A key or a passphrase that a file is encrypted for.
public protocol AgeRecipient {
    /// The recipient kind.
    var kind: any RecipientKind { get }
    /// The name in messages; a long key is shortened.
    var name: String { get }
    /// The recipient as written in a list of recipients; without a text form, its name.
    ///
    /// Two recipients with the same text count as one.
    var text: String { get }
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
    /// By default, the recipient has no RSA key.
    public var rsaKey: PublicKey? { nil }
}
