/// One way to wrap a file key: what its stanzas, recipients and identities look like.
///
/// The built-in ones stand in `RecipientKinds.all`. Code that reads texts or stanzas asks that table,
/// and knows no kind. Code that has a key of one kind names it: RSA keys of a registry or a key file
/// are of `AgeSSHRSA`, passphrases of `AgeScrypt`, and new keys of an `AgeKeyKind`.
public protocol RecipientKind: Sendable {
    /// The type of its stanzas (age v1 § recipient stanza), which is also its stable name.
    var stanzaType: String { get }
    /// What it is, in a few words.
    var title: String { get }
    /// How the text of a recipient begins, such as `age1`; `nil` where no text stands for one.
    var recipientPrefix: String? { get }
    /// How the text of an identity begins, such as `AGE-SECRET-KEY-1`; `nil` where no text stands
    /// for one.
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
    /// Reads the text of an identity; `nil` where it is one of another kind, or damaged.
    func identity(_ text: RawSpan) -> (any AgeIdentity)?
}

extension RecipientKind {
    /// A kind without texts reads none.
    public var recipientPrefix: String? { nil }
    /// A kind without texts reads none.
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

    /// A kind without texts reads none.
    public func identity(_ text: RawSpan) -> (any AgeIdentity)? { nil }
}
