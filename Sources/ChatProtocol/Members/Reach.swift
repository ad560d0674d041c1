package import KeyFormats

/// Whether what is said reaches a member, and if not, why.
package enum Reach: Hashable, Sendable {
    /// Encrypted to.
    case reached
    /// One's own registry does not trust the key any more.
    case distrusted
    /// The server shows another key than the one that was imported.
    case otherKey
    /// The key was imported under another name.
    case otherName(KeyName)
    /// The name reads like one that was imported.
    case lookAlike(KeyName)
    /// The key could be broken.
    case weak
    /// Only imported keys are encrypted to, and this one was not imported.
    case notPinned
    /// The key has expired.
    case expired
    /// The owner ended the key.
    case retired
    /// The key was revoked.
    case revoked
    /// Two successors of the key exist.
    case frozen

    /// Why nothing reaches them, to be read after "NAME cannot read what you say:".
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

    /// Whether it speaks of a lie, or of a mistake that looks like one.
    var isMismatch: Bool {
        switch self {
        case .otherKey, .otherName, .lookAlike: true
        case .reached, .distrusted, .weak, .notPinned, .expired, .retired, .revoked, .frozen: false
        }
    }

    /// A word for a file.
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

    /// Reads the word of a file; `nil` where it is none.
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
