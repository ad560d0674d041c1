public import CryptoCore

/// Who can open what was encrypted: the other interface.
public protocol AgeIdentity {
    /// What it is called in messages.
    var name: String { get }
    /// The file key of a stanza; `nil` where the stanza is for somebody else.
    ///
    /// Throws where the stanza is broken.
    func unwrap(_ stanza: AgeStanza) throws -> SecretBytes?
}
