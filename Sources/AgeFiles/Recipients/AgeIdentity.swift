public import CryptoCore

/// A key or a passphrase that opens files.
///
/// `AgeReader` calls it on the thread that calls `open`.
public protocol AgeIdentity {
    /// The name in messages; a long key is shortened.
    var name: String { get }
    /// The recipient of this identity, as in `AgeRecipient.text`; `nil` if it is not known.
    var recipientText: String? { get }
    /// Unwraps the file key of a stanza; returns `nil` if the stanza is for another identity.
    ///
    /// Throws `AgeError` if the stanza is of this kind and damaged, and the errors of asking for a
    /// passphrase.
    func unwrap(_ stanza: AgeStanza) throws -> SecretBytes?
}

extension AgeIdentity {
    /// By default, the recipient is not known.
    public var recipientText: String? { nil }
}
