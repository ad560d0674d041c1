import ChatProtocol
import Failures
import KeyFormats
import Keystore
import Logging
import NIOCore
import Registry
import SwiftProtobuf

/// How sessions end, and the server.
extension Engine {
    /// Ends a session in such a way that its client comes back.
    static func dismiss(_ port: any SessionPort, _ text: String) {
        let frame = bye("restart", text)
        port.tell(.dismiss(frame))
    }

    /// Ends the newest sessions where the limit of descriptors was lowered below what they take:
    /// the store, the registry and the runtime cannot work without any.
    mutating func endSessionsBeyondDescriptors() {
        let excess = sessions.all.count - gate.capacity
        guard excess > 0 else { return }
        logger.error("too few file descriptors: \(excess) sessions end")
        for id in sessions.newest.prefix(excess) {
            guard let session = sessions[id] else { continue }
            Engine.dismiss(session.port, "the server has too few descriptors at the moment")
        }
    }

    static func bye(_ code: String, _ text: String) -> ByteBuffer {
        SessionMachine.encode(
            .with {
                $0.bye.code = code
                $0.bye.message = text
            }
        )
    }

    /// Stops the server for an admin; returns whether it stops.
    mutating func shutDown(_ port: any SessionPort) -> Bool {
        guard let name = admin(port, mayOnly: "shut the server down") else { return false }
        logger.notice("shutdown", metadata: ["user": "\(name)"])
        stop(code: "shutdown", "\(name) shut the server down")
        return true
    }

    /// Returns the name of the admin who asks; refuses everybody else.
    func admin(_ port: any SessionPort, mayOnly act: String) -> KeyName? {
        guard let name = sessions[port.id]?.member.name else { return nil }
        guard keystore.registry.state.identity(name)?.role == .admin else {
            let refusal = ChatError(
                .forbidden,
                "only an admin may \(act)",
                hint: "start the server with --admin \(name)"
            )
            port.tell(.send(SessionMachine.encode(refusal.rejection())))
            port.tell(.complete(1))
            return nil
        }
        return name
    }

    /// Says the last words to everybody, after what can be stored was stored.
    mutating func stop(code: String, _ text: String) {
        commit()
        signHead()
        let frame = Engine.bye(code, text)
        for session in sessions.all { session.port.tell(.dismiss(frame)) }
        for (port, _) in waitingLogins { port.tell(.dismiss(frame)) }
    }

    func endOldSessions() {
        let now = clock.steady()
        for session in sessions.all where session.end < now {
            Engine.dismiss(session.port, "a session ends after one day")
        }
    }

    /// Ends the sessions of those whose key was revoked, or who were removed.
    func endSessionsThatMayNotStay() {
        for session in sessions.all {
            guard
                let why = admission.mayStay(
                    session.member,
                    registry: keystore.registry.state,
                    at: clock.now
                )
            else { continue }
            logger.info("session ended", metadata: ["user": "\(session.member.name)"])
            session.port.tell(.refuse(why))
        }
    }

    /// The connection of a session is gone.
    mutating func leave(_ port: any SessionPort) {
        guard let left = sessions.remove(port.id) else { return }
        whoFrame = nil
        // The same session may be back already on another connection.
        if !sessions.all.contains(where: { $0.name == left.name }) { room.leave(left.name) }
        waitingForSettings.removeAll { $0.id == port.id }
        settingsReaders.removeAll { $0.id == port.id }
    }
}
