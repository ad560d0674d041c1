extension KeyStanding {
    /// The name of the state, as programs read it.
    public var name: String {
        switch self {
        case .active: "active"
        case .expired: "expired"
        case .retired: "retired"
        case .revoked: "revoked"
        case .frozen: "frozen"
        case .removed: "removed"
        }
    }
}
