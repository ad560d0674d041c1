internal import KeyFormats
package import Registry

/// A change of a member, as an entry in the room's log.
package enum RoomEvent: String, Sendable {
    case joined
    case left
    case rotated
    case replaced
    case revoked
    case role
    case changed

    /// Makes the event of a statement; `nil` for statements that do not change the room.
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

    /// Whether messages that were made before the event are refused after it.
    package var changesMembership: Bool { self != .role && self != .changed }
}
