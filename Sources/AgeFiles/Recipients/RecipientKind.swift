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
    /// Which recipients may share a file with one of this kind; `nil` where that is known only when
    /// a file key is wrapped.
    var company: RecipientCompany? { get }
    /// Whom a stanza of this kind is for, in messages: all that is known without its key.
    var stanzaName: String { get }

    /// How many of a text's first bytes mark it as a recipient of this kind; `nil` where none do.
    func prefixCount(ofRecipient text: String) -> Int?
    /// Reads the text of a recipient; throws `AgeError` or `KeyFormatError` where it is damaged.
    func recipient(_ text: String) throws -> any AgeRecipient
    /// Reads the text of an identity; returns `nil` if it is of another kind or damaged.
    func identity(_ text: RawSpan) -> (any AgeIdentity)?
}

extension RecipientKind {
    /// By default, recipients have no text.
    public var recipientPrefix: String? { nil }
    /// By default, identities have no text.
    public var identityPrefix: String? { nil }
    /// Most kinds share a file with each other.
    public var company: RecipientCompany? { .classical }
    /// Most stanzas tell only their type.
    public var stanzaName: String { RecipientKinds.name(ofType: stanzaType) }

    /// Most kinds have one prefix.
    public func prefixCount(ofRecipient text: String) -> Int? {
        guard let prefix = recipientPrefix, text.hasPrefix(prefix) else { return nil }
        return prefix.utf8.count
    }

    /// A kind without texts reads none.
    public func recipient(_ text: String) throws -> any AgeRecipient {
        throw AgeError.notARecipient(text)
    }

    /// By default, no text is an identity of this kind.
    public func identity(_ text: RawSpan) -> (any AgeIdentity)? { nil }
}
