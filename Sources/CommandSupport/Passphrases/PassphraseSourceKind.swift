public import CryptoCore

/// One kind of source from which a passphrase is read without asking a user.
///
/// `PassphraseSources.all` has the built-in kinds.
public protocol PassphraseSourceKind: Sendable {
    /// The stable name, which ends the option: `--passphrase-file`.
    var id: String { get }
    /// A short description for lists, such as "first line of a file".
    var title: String { get }
    /// Whether it can be read again later, and may have another passphrase then.
    var canBeReadAgain: Bool { get }

    /// Reads at most `limit` bytes from the place that `argument` names.
    func read(_ argument: String, limit: Int) throws -> SecretBytes
}

extension PassphraseSourceKind {
    /// By default, a source gives its passphrase only once.
    public var canBeReadAgain: Bool { false }
}
