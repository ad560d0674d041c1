import ChatProtocol
import CryptoCore
import Foundation
import GRDB
import KeyFormats
import Keystore
import Logging
import Registry
import SwiftProtobuf

/// Writing the store, and the state in which it cannot be written.
extension Engine {
    /// The number of polls in a second, the interval for trying the store again and for signing the
    /// head.
    private static let pollsASecond = 5

    /// Writes a batch; after a failure, sets `storeState` and returns `false`.
    mutating func write(_ batch: StoreBatch) -> Bool {
        do { try store.commit(batch) } catch {
            storeState = .failing(Engine.storeError(error))
            problems.begin(.store, Engine.storeError(error))
            return false
        }
        return true
    }

    /// Tries to write to a store that could not be written before.
    mutating func retryStore() {
        guard case .failing = storeState, pollCount.isMultiple(of: Engine.pollsASecond) else {
            return
        }
        do { try store.tryWriting() } catch {
            problems.begin(.store, Engine.storeError(error))
            return
        }
        storeState = .working
        problems.end(.store)
        // Announcements of these sessions may have been refused. After a new login they make new
        // ones.
        for session in sessions.all {
            Engine.dismiss(session.port, "the server can store messages again")
        }
    }

    private static func storeError(_ error: any Error) -> ServerError {
        guard let error = error as? DatabaseError else {
            return .unwritableStore(Engine.text(error))
        }
        return .unwritableStore(error.message ?? "\(error.resultCode)")
    }

    /// Signs the room's head, once a second while it changes.
    mutating func signHead() {
        guard storeState.isWorking, signedHeadSeq != room.head.seq else { return }
        do {
            let key = try identity.unlocked.unattendedSigningKey(at: clock.now)
            try headFile.write(room.head, chat: identity.chat, room: Engine.roomName, key: key)
            signedHeadSeq = room.head.seq
            problems.end(.head)
        } catch { problems.begin(.head, error) }
    }

    /// Checks everything that may have changed or may work again; it is called five times a second.
    mutating func poll() {
        pollCount &+= 1
        retryStore()
        endSessionsBeyondDescriptors()
        reload()
        if pollCount.isMultiple(of: Engine.pollsASecond) { signHead() }
        let logins = waitingLogins
        waitingLogins = []
        for (port, request) in logins { login(port, request, isWaiting: true) }
    }

    mutating func configure(_ next: ServerConfiguration) {
        configuration = next
        keyRetry = RetryTimes()
        gate.change(next.limits)
        logger.notice("the settings were read again")
        reload()
    }

    mutating func prune() {
        guard storeState.isWorking else { return }
        let oldest =
            clockWatch.allowsAge(steady: clock.steady())
            ? clock.wall - Int64(configuration.retentionDays) * ClockWatch.day : Int64.min
        var joinedSeqs: [SHA256Digest: UInt64] = [:]
        for member in members { joinedSeqs[member.id] = joinedSeq(of: member.id) ?? 0 }
        let rule = PruneRule(
            head: room.head.seq,
            historyCount: configuration.historyCount,
            oldestTime: oldest,
            largestByteCount: configuration.retentionMiB << 20,
            members: joinedSeqs,
            liveSessions: Array(sessions.names)
        )
        do {
            try store.prune(rule)
            problems.end(.pruning)
        } catch { problems.begin(.pruning, Engine.storeError(error)) }
    }
}
