/// The use of a key.
///
/// It decides in which standing the key may be used.
public enum KeyUse: Sendable, CaseIterable {
    /// A person encrypts a file or a chat's key for it.
    case encrypt
    /// Its owner signs a file, a token, a checkpoint or a session with it.
    case sign
    /// Its owner renews, rotates or retires it.
    case change
    /// A client opens a chat session whose certificate it signed.
    case login
    /// A running chat session whose certificate it signed continues.
    case stay
    /// A server presents a session certificate that it signed.
    case serve
    /// A person verifies a signature of unknown time.
    case verify
    /// A program accepts a checkpoint that it signed as the newest state of a registry.
    case checkpoint
    /// A program examines an older checkpoint that it signed.
    case oldCheckpoint

    /// Returns whether a key in this standing may be used in this way.
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
