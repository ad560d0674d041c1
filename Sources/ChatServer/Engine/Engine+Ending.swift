import ChatProtocol
import Failures
import KeyFormats
import Keystore
import Logging
import NIOCore
import Registry
import SwiftProtobuf

/// Ending sessions, and stopping the server.
extension Engine {
    /// Ends a session with the code `restart`, after which its client connects again.
    static func dismiss(_ port: any SessionPort, _ text: String) {
        let frame = bye("restart", text)
        port.tell(.dismiss(frame))
    }

    /// Ends the newest sessions if the descriptor limit was lowered below their number.
    ///
    /// The store, the registry and the runtime also need descriptors.
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

    /// Stops the server if an admin asks; returns whether it stops.
    mutating func shutDown(_ port: any SessionPort) -> Bool {
        guard let name = admin(port, mayOnly: "shut the server down") else { return false }
        logger.notice("shutdown", metadata: ["user": "\(name)"])
        stop(code: "shutdown", "\(name) shut the server down")
        return true
    }

    /// Returns the name of the admin who asks; sends a refusal to every other member.
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

    /// Commits what waits, signs the head, and sends each session a last frame.
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

    /// Ends the sessions whose key was revoked or whose member was removed.
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

    /// Removes a session whose connection is gone.
    mutating func leave(_ port: any SessionPort) {
        guard let left = sessions.remove(port.id) else { return }
        whoFrame = nil
        // The same session may already have another connection.
        if !sessions.all.contains(where: { $0.name == left.name }) { room.leave(left.name) }
        waitingForSettings.removeAll { $0.id == port.id }
        settingsReaders.removeAll { $0.id == port.id }
    }
}
