import ChatProtocol
import CryptoCore
import DurableFiles
import Failures
import KeyFormats
import KeyOperations
import Keystore
import Logging
import NIOCore
import Registry
import SwiftProtobuf

/// Changes of the registry and the keystore while the server runs.
extension Engine {
    /// Signs the registry at the start, and adds its new lines to the room's log.
    ///
    /// Throws if the server's key cannot sign.
    mutating func begin(from count: Int) throws {
        try? CheckpointFile.synchronizeRegistry(home: keystore.home)
        let key = try identity.unlocked.unattendedSigningKey(at: clock.now)
        let note = try signed(keystore.registry, key)
        if case .damaged = storeState {
            checkpoint = note
            return
        }
        publish(from: count, note: note)
        // If the store cannot be written, the events wait; logins already use the whole registry.
        if case .failing = storeState { eventlessCount = count }
        checkpoint = note
        reload()
    }

    /// Applies changes of the registry and the keystore, without a restart.
    ///
    /// A step that fails is tried again at the next poll. Until then, its last good state is used.
    mutating func reload() {
        refreshRegistry()
        do {
            try identity.renewIfNeeded()
            problems.end(.certificate)
        } catch { problems.begin(.certificate, error) }
        endOldSessions()
        makeAdmins()
        judgeSessionsAgain()
        publishRegistry()
    }

    /// Judges all sessions again if the registry has new lines, whichever process wrote them.
    private mutating func judgeSessionsAgain() {
        guard keystore.registry.count != judgedCount else { return }
        judgedCount = keystore.registry.count
        endSessionsThatMayNotStay()
    }

    /// Reads the lines that other processes appended.
    ///
    /// It does not read while another process holds the home's lock, because that process may still
    /// take lines back.
    private mutating func refreshRegistry() {
        do {
            let known = keystore.registry.byteCount
            let path = keystore.home.registryPath
            let found = DurableFile.exists(path) ? try DurableFile.byteCount(of: path) : 0
            guard found >= known else { throw ServerError.registryCut(path) }
            if found > known {
                guard let lock = try keystore.home.lockIfFree() else { return }
                try CheckpointFile.synchronizeRegistry(home: keystore.home)
                try keystore.refresh()
                _ = consume lock
            }
            problems.end(.registry)
        } catch { problems.begin(.registry, error) }
    }

    private mutating func makeAdmins() {
        let state = keystore.registry.state
        let now = clock.now
        let missing = configuration.admins.filter { state.identity($0)?.role == .member }
        guard !missing.isEmpty else { return }
        do {
            guard try isHomeFree() else { return }
            try keystore.changeRegistry("role") { state in
                missing.filter { state.identity($0)?.role == .member }
                    .map { Statement(.assign(name: $0, role: .admin), time: now) }
            }
            problems.end(.admins)
        } catch let error as KeystoreError where error.code == .locked {
            return
        } catch { problems.begin(.admins, error) }
    }

    /// Whether the home can be changed now without waiting for another process.
    func isHomeFree() throws -> Bool {
        let lock = try keystore.home.lockIfFree()
        return lock != nil
    }

    /// Publishes new lines of the registry to the members, after they are on disk.
    private mutating func publishRegistry() {
        let known = eventlessCount ?? published.count
        guard keystore.registry.count > known, storeState.isWorking else { return }
        do {
            let unlocked = try serverKey()
            let key =
                try unlocked?.unattendedSigningKey(at: clock.now)
                ?? identity.unlocked.unattendedSigningKey(at: clock.now)
            let note = try signed(keystore.registry, key)
            if let unlocked {
                let before = identity.unlocked.record.identity.latest.keyDER
                try identity.renew(unlocked)
                signedHeadSeq = nil  // so that the new key signs the head
                let isRotation = unlocked.record.identity.latest.keyDER != before
                logger.notice("the server's key was \(isRotation ? "rotated" : "renewed")")
            }
            problems.end(.serverKey)
            publish(from: known, note: note)
        } catch { problems.begin(.serverKey, error) }
    }

    private func signed(_ registry: Registry, _ key: any SigningKey) throws -> [UInt8] {
        try Checkpoint(owner: identity.chat, tree: registry.tree).note(signedBy: key)
    }

    /// Returns the server's identity, opened again, if the registry has another key or other dates
    /// for it; `nil` if not.
    ///
    /// Throws if the registry has a key that cannot be opened here. Otherwise members would see a
    /// signature by another key and report a fork.
    private mutating func serverKey() throws -> UnlockedIdentity? {
        let state = keystore.registry.state
        guard let server = state.identity(id: identity.chat) else { throw ServerError.keyNotUsable }
        let current = identity.unlocked
        let inUse = current.record.identity.latest
        guard server.latest.keyDER != inUse.keyDER || server.chain.count != chainCount(current)
        else { return nil }
        let unlocked: UnlockedIdentity
        do { unlocked = try keystore.reopen(current) } catch {
            guard keyRetry.isDue(at: clock.steady()) else { throw ServerError.keyNotOpen }
            do { unlocked = try reopen(keystore) } catch { throw ServerError.keyNotOpen }
        }
        keyRetry = RetryTimes()
        guard unlocked.record.identity.latest.keyDER == server.latest.keyDER else {
            throw ServerError.keyNotUsable
        }
        return unlocked
    }

    private func chainCount(_ unlocked: UnlockedIdentity) -> Int {
        unlocked.record.identity.chain.count
    }

    /// Stores the events of the lines after `known`; then sends the lines and the events.
    private mutating func publish(from known: Int, note: [UInt8]) {
        let before = room
        var batch = StoreBatch()
        batch.registryCount = keystore.registry.count
        do {
            var count = known
            for line in try keystore.registry.lines(known..<keystore.registry.count) {
                count += 1
                guard let event = event(try Statement(line: line), registryCount: count) else {
                    continue
                }
                batch.entries.append(room.add(event, at: clock.wall))
            }
        } catch {
            room = before
            return problems.begin(.events, error)
        }
        problems.end(.events)
        guard write(batch) else {
            room = before
            return
        }
        let start = published.count
        published = keystore.registry
        eventlessCount = nil
        checkpoint = note
        whoFrame = nil
        do {
            try CheckpointFile.write(note, home: keystore.home)
            problems.end(.checkpoint)
        } catch { problems.begin(.checkpoint, error) }
        announceRegistry(from: UInt64(start), after: before.head.seq)
        broadcast(batch.entries, after: before.head)
    }

    /// Returns the event that a line of the registry causes in the room; `nil` if it causes none.
    private func event(_ statement: Statement, registryCount: Int) -> RegistryEvent? {
        let state = keystore.registry.state
        guard let subject = state.subject(of: statement), subject.id != identity.chat,
            let kind = RoomEvent(statement, room: Engine.roomName)
        else { return nil }
        let version = state.subjectVersion(of: statement) ?? subject.latest.number
        let content = WireEventContent.with {
            $0.what = kind.rawValue
            $0.name = subject.name.description
            $0.identity = subject.id.data
            $0.version = UInt32(clamping: version)
            $0.registryCount = UInt64(registryCount)
        }
        return RegistryEvent(kind: kind, subject: subject.id, content: content)
    }

    private mutating func announceRegistry(from count: UInt64, after seq: UInt64) {
        do {
            for update in try registryUpdates(from: count) {
                let frame = SessionMachine.encode(update)
                for loop in loops { loop.announce(frame, after: seq) }
            }
            problems.end(.updates)
        } catch {
            // A session that did not get the lines gets them at its next login.
            problems.begin(.updates, error)
            for session in sessions.all {
                Engine.dismiss(session.port, "the server could not read its registry")
            }
        }
    }
}
