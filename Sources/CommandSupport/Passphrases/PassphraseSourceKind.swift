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
    /// Whether a person answers, who is asked for each passphrase and may correct a mistake.
    var asksPerson: Bool { get }

    /// Reads at most `limit` bytes from the place that `argument` names.
    ///
    /// `prompt` names the passphrase, for sources that show it to a person.
    func read(_ argument: String, prompt: String, limit: Int) throws -> SecretBytes
}

extension PassphraseSourceKind {
    /// By default, a source gives its passphrase only once.
    public var canBeReadAgain: Bool { false }
    /// By default, no person is asked.
    public var asksPerson: Bool { false }
}
