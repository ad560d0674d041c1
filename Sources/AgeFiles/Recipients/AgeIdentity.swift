public import CryptoCore

/// A key or a passphrase that opens files.
public protocol AgeIdentity {
    /// What it is called in messages; a long key is cut off.
    var name: String { get }
    /// The recipient whose files it opens, as `AgeRecipient.text`; `nil` where that is not known.
    var recipientText: String? { get }
    /// The recipient whose files it opens; `nil` where there is none.
    ///
    /// Throws what asking for a passphrase throws.
    func makeRecipient() throws -> (any AgeRecipient)?
    /// The file key of a stanza; `nil` where the stanza is for another identity.
    ///
    /// Throws `AgeError` where the stanza is of this kind and damaged, and what asking for a
    /// passphrase throws.
    func unwrap(_ stanza: AgeStanza) throws -> SecretBytes?
}

extension AgeIdentity {
    /// Most identities are not asked for their recipient.
    public var recipientText: String? { nil }
    /// Most identities are not encrypted for.
    public func makeRecipient() throws -> (any AgeRecipient)? { nil }
}
