/// The owner of a stanza, as far as the registry knows it.
public enum StanzaOwner: Equatable, Sendable {
    /// A version of an identity; the identity may have been removed.
    case known(KnownVersion)
    /// An RSA key that the registry does not have, or a tag that two keys share.
    case unknownKey
    /// A key of another recipient kind than those of identities.
    case otherKind
}
