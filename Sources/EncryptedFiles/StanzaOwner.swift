/// Whose a stanza is.
public enum StanzaOwner: Equatable, Sendable {
    /// A version of a name, which may be a removed one.
    case known(KnownVersion)
    /// An RSA key that is not known here, or whose tag two keys share.
    case unknownKey
    /// A key of a kind that no name has.
    case otherKind
}
