package import KeyFormats

/// Whether messages reach a member, and the reason if they do not.
package enum Reach: Hashable, Sendable {
    /// Messages are encrypted to the member's key.
    case reached
    /// The user's own registry revoked or froze the key.
    case distrusted
    /// The server shows another key than the one that the user imported.
    case otherKey
    /// The user imported the key under another name.
    case otherName(KeyName)
    /// The name looks like the name of an imported key.
    case lookAlike(KeyName)
    /// The key is too weak to use.
    case weak
    /// With `--pinned`, messages are encrypted only to imported keys; this key was not imported.
    case notPinned
    /// The key has expired.
    case expired
    /// The owner ended the key.
    case retired
    /// The key was revoked.
    case revoked
    /// Two different successors of the key exist.
    case frozen

    /// The reason, to be printed after "NAME cannot read what you say:"; `nil` if messages reach
    /// the member.
    var reason: String? {
        switch self {
        case .reached: nil
        case .distrusted: "the key was revoked or frozen in your own registry"
        case .otherKey: "the server shows another key than the one you imported"
        case .otherName(let name): "you imported this key under the name \"\(name)\""
        case .lookAlike(let name): "the name looks like \"\(name)\", whose key you imported"
        case .weak: "the key is too weak"
        case .notPinned: "with --pinned, messages are encrypted only to keys that you imported"
        case .expired: "the key has expired"
        case .retired: "the owner ended the key"
        case .revoked: "the key was revoked"
        case .frozen: "the name is frozen: two different successors of the key exist"
        }
    }

    /// Whether the key is not the expected one, because of an attack or of a mistake.
    var isMismatch: Bool {
        switch self {
        case .otherKey, .otherName, .lookAlike: true
        case .reached, .distrusted, .weak, .notPinned, .expired, .retired, .revoked, .frozen: false
        }
    }

    /// The word for the stored room view.
    var word: String {
        switch self {
        case .reached: "reached"
        case .distrusted: "distrusted"
        case .otherKey: "other-key"
        case .otherName(let name): "other-name:\(name)"
        case .lookAlike(let name): "look-alike:\(name)"
        case .weak: "weak"
        case .notPinned: "not-pinned"
        case .expired: "expired"
        case .retired: "retired"
        case .revoked: "revoked"
        case .frozen: "frozen"
        }
    }

    /// Reads a word of the stored room view; `nil` if the word is unknown.
    init?(word: some StringProtocol) {
        let parts = word.split(separator: ":", maxSplits: 1)
        let name = parts.count == 2 ? try? KeyName(String(parts[1])) : nil
        switch (parts.first.map { String($0) }, name) {
        case ("reached", nil): self = .reached
        case ("distrusted", nil): self = .distrusted
        case ("other-key", nil): self = .otherKey
        case ("other-name", let name?): self = .otherName(name)
        case ("look-alike", let name?): self = .lookAlike(name)
        case ("weak", nil): self = .weak
        case ("not-pinned", nil): self = .notPinned
        case ("expired", nil): self = .expired
        case ("retired", nil): self = .retired
        case ("revoked", nil): self = .revoked
        case ("frozen", nil): self = .frozen
        default: return nil
        }
    }
}
