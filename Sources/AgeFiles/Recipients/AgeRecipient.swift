public import KeyFormats

/// A key or a passphrase that a file is encrypted for.
public protocol AgeRecipient {
    /// How it wraps file keys.
    var kind: any RecipientKind { get }
    /// What it is called in messages; a long key is cut off.
    var name: String { get }
    /// The recipient as it is written in a list of recipients; its name where no text stands for it.
    ///
    /// Two recipients with the same text are one.
    var text: String { get }
    /// The RSA key that it is, for callers who judge keys; `nil` for recipients of other kinds.
    var rsaKey: PublicKey? { get }
    /// Wraps a file key of `AgeHeader.fileKeyByteCount` bytes, with fresh random numbers each time.
    ///
    /// Throws `CryptoError` where the library fails.
    func wrap(_ fileKey: RawSpan) throws -> AgeStanza
}

extension AgeRecipient {
    /// Most recipients are short enough for messages.
    public var text: String { name }
    /// Most kinds have no RSA key.
    public var rsaKey: PublicKey? { nil }
}
