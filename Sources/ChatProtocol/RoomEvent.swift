internal import KeyFormats
package import Registry

/// What can happen to a member, as a line in the room's log.
package enum RoomEvent: String, Sendable {
    case joined
    case left
    case rotated
    case replaced
    case revoked
    case role
    case changed

    /// The line that a statement of the registry makes; none for those that a room ignores.
    package init?(_ statement: Statement) {
        switch statement.act {
        case .register: self = .joined
        case .remove: self = .left
        case .rotate: self = .rotated
        case .replace: self = .replaced
        case .revoke, .disown: self = .revoked
        case .assign: self = .role
        case .amend: self = .changed
        case .sign, .verify, .unverify, .join, .leave: return nil
        }
    }

    /// Whether messages made before it are refused after it.
    package var changesMembership: Bool { self != .role && self != .changed }

    func text(_ name: KeyName, version: Int) -> String {
        switch self {
        case .joined: "\(name) was registered"
        case .left: "\(name) was removed"
        case .rotated: "\(name) moved on to key version \(version), signed by the one before"
        case .replaced: "the key of \(name) was REPLACED by the admin: compare fingerprints"
        case .revoked: "key version \(version) of \(name) was revoked"
        case .changed: "key version \(version) of \(name) was renewed or retired"
        case .role: "the role of \(name) changed"
        }
    }
}
