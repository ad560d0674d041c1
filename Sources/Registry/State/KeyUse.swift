/// What a key is used for, and in which standing it may be.
public enum KeyUse: Sendable, CaseIterable {
    /// Somebody encrypts a file or a chat's key for it.
    case encrypt
    /// Its owner signs a file, a token, a checkpoint or a session with it.
    case sign
    /// Its owner renews, rotates or retires it.
    case change
    /// Somebody opens a chat session that it issued.
    case login
    /// A chat session that it issued goes on.
    case stay
    /// A server shows a session that it issued.
    case serve
    /// Somebody verifies what it signed at an unknown time.
    case verify
    /// Somebody takes in a checkpoint that it signed, as the newest state of a registry.
    case checkpoint
    /// Somebody looks at an earlier checkpoint that it signed.
    case oldCheckpoint

    /// Whether a key in this standing may be used so.
    public func allows(_ standing: KeyStanding) -> Bool {
        switch standing {
        case .active: true
        case .expired:
            switch self {
            case .change, .stay, .serve, .verify, .checkpoint, .oldCheckpoint: true
            case .encrypt, .sign, .login: false
            }
        case .retired:
            switch self {
            case .stay, .verify, .oldCheckpoint: true
            case .encrypt, .sign, .change, .login, .serve, .checkpoint: false
            }
        case .revoked, .frozen, .removed: false
        }
    }
}
