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
    package init?(_ statement: Statement, room: String) {
        switch statement.act {
        case .register: self = .joined
        case .remove: self = .left
        case .rotate: self = .rotated
        case .replace: self = .replaced
        case .revoke, .disown: self = .revoked
        case .assign: self = .role
        case .amend: self = .changed
        case .join(let group, _) where group.description == room: self = .joined
        case .leave(let group, _) where group.description == room: self = .left
        case .sign, .verify, .unverify, .join, .leave: return nil
        }
    }

    /// Whether messages made before it are refused after it.
    package var changesMembership: Bool { self != .role && self != .changed }
}
