import ChatProtocol
import KeyFormats
import Keystore
import Logging
import NIOCore
import Registry
import SwiftProtobuf

/// How sessions end, and the server.
extension Engine {
    /// Ends a session in such a way that its client comes back.
    static func dismiss(_ reference: SessionReference, _ text: String) {
        let frame = bye("restart", text)
        reference.run { $0.dismiss(frame) }
    }

    /// Ends the newest sessions where the limit of descriptors was lowered below what they take:
    /// the store, the registry and the runtime cannot work without any.
    mutating func endSessionsBeyondDescriptors() {
        let excess = sessions.count - gate.capacity
        guard excess > 0 else { return }
        logger.error("descriptors are short: \(excess) sessions end")
        for id in sessions.keys.sorted(by: >).prefix(excess) {
            guard let session = sessions[id] else { continue }
            Engine.dismiss(session.reference, "the server has too few descriptors at the moment")
        }
    }

    static func bye(_ code: String, _ text: String) -> ByteBuffer {
        SessionHandler.encode(
            .with {
                $0.bye.code = code
                $0.bye.message = text
            }
        )
    }

    /// Stops the server for an admin; returns whether it stops.
    mutating func shutDown(_ reference: SessionReference) -> Bool {
        guard let session = sessions[reference.id] else { return false }
        guard keystore.registry.state.identity(session.member.name)?.role == .admin else {
            let frame = SessionHandler.encode(
                .with {
                    $0.rejected.code = ChatError.Code.forbidden.rawValue
                    $0.rejected.message = "only an admin may shut the server down"
                    $0.rejected.hint = "start the server with --admin \(session.member.name)"
                }
            )
            reference.run {
                $0.send(frame)
                $0.completed(1)
            }
            return false
        }
        logger.notice("shutdown", metadata: ["user": "\(session.member.name)"])
        stop(code: "shutdown", "\(session.member.name) shut the server down")
        return true
    }

    /// Says the last words to everybody, after what can be stored was stored.
    mutating func stop(code: String, _ text: String) {
        commit()
        signHead()
        let frame = Engine.bye(code, text)
        for session in sessions.values { session.reference.run { $0.dismiss(frame) } }
        for (reference, _) in waitingLogins { reference.run { $0.dismiss(frame) } }
    }

    func endOldSessions() {
        let now = ServerClock.steady()
        for session in sessions.values where session.end < now {
            Engine.dismiss(session.reference, "a session ends after one day")
        }
    }

    /// Ends the sessions of those whose key was revoked, or who were removed.
    func endSessionsThatMayNotStay() {
        for session in sessions.values {
            guard let why = admission.mayStay(
                session.member,
                registry: keystore.registry.state,
                at: .now
            )
            else { continue }
            logger.info("session ended", metadata: ["user": "\(session.member.name)"])
            session.reference.run { $0.refuse(why) }
        }
    }

    mutating func leave(_ reference: SessionReference) {
        guard let left = sessions.removeValue(forKey: reference.id) else { return }
        whoFrame = nil
        let count = sessionCounts[left.member.identity] ?? 0
        sessionCounts[left.member.identity] = count > 1 ? count - 1 : nil
        // The same session may be back already on another connection.
        if !sessions.values.contains(where: { $0.session == left.session }) {
            room.leave(left.session)
        }
    }
}
