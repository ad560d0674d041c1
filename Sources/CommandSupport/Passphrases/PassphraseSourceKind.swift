public import CryptoCore

/// One place that a passphrase can be read from without asking a person.
///
/// The built-in ones stand in `PassphraseSources.all`.
public protocol PassphraseSourceKind: Sendable {
    /// The stable name, which ends the option: `--passphrase-file`.
    var id: String { get }
    /// What it is, in a few words.
    var title: String { get }
    /// Whether it can be read again later, and may have another passphrase then.
    var canBeReadAgain: Bool { get }

    /// Reads at most `limit` bytes from the place that `argument` names.
    func read(_ argument: String, limit: Int) throws -> SecretBytes
}

extension PassphraseSourceKind {
    /// Most sources give a passphrase once.
    public var canBeReadAgain: Bool { false }
}
