/// One way to wrap a file key: its stanzas, and the texts of its recipients and identities.
///
/// `RecipientKinds.all` has the built-in kinds. Code that reads texts or stanzas asks that table
/// and names no kind. Code that has a key of one kind names it: `AgeSSHRSA` for RSA keys of a
/// registry or a key file, `AgeScrypt` for passphrases, and an `AgeKeyKind` for new keys.
public protocol RecipientKind: Sendable {
    /// The type of its stanzas (age v1 § recipient stanza), which is also its stable name.
    var stanzaType: String { get }
    /// A short description for lists, such as "passphrase".
    var title: String { get }
    /// The first characters of a recipient's text, such as `age1`; `nil` if recipients have no
    /// text.
    var recipientPrefix: String? { get }
    /// The first characters of an identity's text, such as `AGE-SECRET-KEY-1`; `nil` if identities
    /// have no text.
    var identityPrefix: String? { get }
    /// Which other recipients may share a file with one of this kind.
    var company: RecipientCompany { get }
    /// The recipient of a stanza in messages, as far as the stanza alone identifies it.
    var stanzaName: String { get }

    /// Reads the text of a recipient; throws `AgeError` or `KeyFormatError` if it is damaged.
    func recipient(_ text: String) throws -> any AgeRecipient
    /// Reads the text of an identity; returns `nil` if it is of another kind or damaged.
    func identity(_ text: RawSpan) -> (any AgeIdentity)?
}

extension RecipientKind {
    /// By default, recipients have no text.
    public var recipientPrefix: String? { nil }
    /// By default, identities have no text.
    public var identityPrefix: String? { nil }
    /// By default, a kind may share a file with all classical kinds.
    public var company: RecipientCompany { .classical }
    /// By default, messages name only the stanza's type.
    public var stanzaName: String { RecipientKinds.name(ofType: stanzaType) }

    /// By default, no text is a recipient of this kind.
    public func recipient(_ text: String) throws -> any AgeRecipient {
        throw AgeError.notARecipient(text)
    }

    /// By default, no text is an identity of this kind.
    public func identity(_ text: RawSpan) -> (any AgeIdentity)? { nil }
}
