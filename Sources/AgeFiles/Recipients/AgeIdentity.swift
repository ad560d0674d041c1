public import CryptoCore

/// A key or a passphrase that opens files.
///
/// `AgeReader` calls it on the thread that calls `open`.
public protocol AgeIdentity {
    /// The name in messages; a long key is shortened.
    var name: String { get }
    /// The recipient of this identity, as in `AgeRecipient.text`; `nil` if it is not known.
    var recipientText: String? { get }
    /// The recipient whose files it opens; `nil` where there is none.
    ///
    /// Throws what asking for a passphrase throws.
    func makeRecipient() throws -> (any AgeRecipient)?
    /// The file key of a stanza; `nil` where the stanza is for another identity.
    ///
    /// Throws `AgeError` if the stanza is of this kind and damaged, and the errors of asking for a
    /// passphrase.
    func unwrap(_ stanza: AgeStanza) throws -> SecretBytes?
}

extension AgeIdentity {
    /// By default, the recipient is not known.
    public var recipientText: String? { nil }
    /// Most identities are not encrypted for.
    public func makeRecipient() throws -> (any AgeRecipient)? { nil }
}
