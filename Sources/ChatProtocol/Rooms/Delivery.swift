internal import CryptoCore
internal import Failures
internal import FoundationEssentials
internal import KeyFormats
internal import Registry
internal import SwiftProtobuf

/// Receives the entries of a room's log: first those that were missed, then new ones.
///
/// ```
/// waiting ──▶ catchingUp ──▶ live      a new connection leads back to waiting
/// ```
///
/// Stretches of entries go in, and findings come out. `Room` owns it.
struct Delivery {
    /// What the room learns from an entry.
    enum Finding {
        /// A message of this session came back, so the server has stored it.
        case stored(id: [UInt8], seq: UInt64)
        /// A message of a member, decrypted.
        case message(ChatMessage)
        /// Messages that cannot be read, with the reason.
        case unreadable(ChatError)
        /// A change of a member; the server's registry has `lineCount` lines after it.
        case event(RoomEvent, lineCount: Int)
        /// All missed entries were received, with this many messages; new entries follow.
        case live(missedCount: Int)
    }

    private enum State {
        /// The connection has had no welcome yet.
        case waiting
        /// Receiving entries from before the login; the last one of them is `head`.
        case catchingUp(head: UInt64, missedCount: Int)
        /// Receiving entries from after the login, which came at the entry `head`.
        case live(head: UInt64)
    }

    private let room: String
    private var state = State.waiting
    private var receiver: ReceiverKeys
    /// The log up to the last entry that was shown.
    private(set) var log: RoomLog
    /// The revocations that the log or a welcome contained.
    private(set) var revocations = Revocations()
    /// The number of missed messages that cannot be read and were not reported yet.
    private var unreadableCount = 0

    init(room: String, position: LogPosition?, receiver: ReceiverKeys) {
        self.room = room
        log = RoomLog(position: position)
        self.receiver = receiver
    }

    /// Whether all missed entries were received.
    var isLive: Bool {
        switch state {
        case .live: true
        case .waiting, .catchingUp: false
        }
    }

    // MARK: The connection

    /// Stops delivery until the next welcome, because the connection is new or lost.
    mutating func pause() { state = .waiting }

    /// Prepares for a new connection, which has a new limit of skipped steps.
    mutating func connect() {
        pause()
        receiver.forgetSkippedSteps()
    }

    /// Takes the server's welcome: entries follow after `start`, and the log ended at `head` at the
    /// login.
    ///
    /// Throws `ChatError` if `start` is not the last position that was shown.
    mutating func begin(
        at start: LogPosition,
        head: LogPosition,
        revocations: [WireRevoked]
    ) throws(ChatError) -> [Finding] {
        try log.begin(at: start)
        for item in revocations {
            guard let id = SHA256Digest(item.identity) else { continue }
            self.revocations.note(id, version: Int(item.version), at: item.seq)
        }
        guard head.seq > start.seq else {
            state = .live(head: head.seq)
            return [.live(missedCount: 0)]
        }
        state = .catchingUp(head: head.seq, missedCount: 0)
        return []
    }

    // MARK: Entries

    /// Takes a stretch of entries; `own` is the id of the client's own session.
    ///
    /// Throws if any entry is wrong. Then the position stays before the stretch, and the next
    /// connection receives the same stretch again.
    mutating func take(
        _ stretch: WireEntries,
        own: SHA256Digest,
        directory: MemberDirectory,
        at now: Timestamp
    ) throws -> [Finding] {
        let places = try log.places(of: stretch)
        for entry in stretch.keys { learn(entry, directory) }
        var findings: [Finding] = []
        for (entry, place) in zip(stretch.entries, places) {
            log.remember(place)
            switch entry.kind {
            case .keys: learn(entry, directory)
            case .event:
                if let event = try take(event: entry) { findings.append(event) }
            case .message:
                let found = try take(message: entry, own: own, directory: directory, at: now)
                if let found { findings.append(found) }
            case .unspecified, .UNRECOGNIZED: break  // a kind that this version does not know
            }
            findings += catchUp(to: place.seq)
        }
        if let last = places.last { log.move(to: last) }
        return findings
    }

    private mutating func learn(_ entry: WireEntry, _ directory: MemberDirectory) {
        receiver.learn(entry, directory: directory, revocations: revocations)
    }

    private mutating func take(event entry: WireEntry) throws(ChatError) -> Finding? {
        guard let event = try? WireEventContent(serializedBytes: entry.body),
            let what = RoomEvent(rawValue: event.what), let id = SHA256Digest(event.identity)
        else { return nil }
        if what == .revoked { revocations.note(id, version: Int(event.version), at: entry.seq) }
        guard event.registryCount <= UInt64(ClientLimits.registryLineCount) else {
            throw ChatError.violation("it names more lines than a registry may have")
        }
        return .event(what, lineCount: Int(event.registryCount))
    }

    private mutating func take(
        message entry: WireEntry,
        own: SHA256Digest,
        directory: MemberDirectory,
        at now: Timestamp
    ) throws -> Finding? {
        // The server's store has deleted the body.
        guard !entry.body.isEmpty else { return skip(ChatError.unreadableMessages(1)) }
        if let id = ownMessageID(entry, own) { return .stored(id: id, seq: entry.seq) }
        do {
            let opened = try receiver.open(entry, revocations: revocations)
            // The sender signed its position in the log. If the hash differs from the one here, the
            // server shows different logs to different members.
            guard !log.contradicts(opened.seen) else {
                throw MemberDirectory.fork("\(opened.from) saw another log of this room")
            }
            // The sender of a message from before the login may have left the room since.
            guard isFromBeforeLogin(entry) || directory.speaks(opened.sender, in: room, at: now)
            else { throw ReceiverKeys.unreadable("\(opened.from) is not in the room") }
            guard directory.isHeard(opened.sender) else {
                throw ReceiverKeys.unreadable("you do not trust the key of \(opened.from)")
            }
            countMissed()
            return .message(ChatMessage(opened, entry, room: room, isReplay: false))
        } catch let error as ChatError where error.code == .unreadable {
            return skip(error)
        }
    }

    /// Returns the id of a message that this session sent; `nil` for messages of other sessions.
    private func ownMessageID(_ entry: WireEntry, _ own: SHA256Digest) -> [UInt8]? {
        guard let signed = try? WireSigned(serializedBytes: entry.body),
            signed.session == own.data,
            let content = try? WireMessageContent(serializedBytes: signed.content)
        else { return nil }
        return Array(content.id)
    }

    // MARK: Missed entries

    private func isFromBeforeLogin(_ entry: WireEntry) -> Bool {
        switch state {
        case .waiting: false
        case .catchingUp(let head, _), .live(let head): entry.seq <= head
        }
    }

    private mutating func countMissed() {
        switch state {
        case .catchingUp(let head, let missedCount):
            state = .catchingUp(head: head, missedCount: missedCount + 1)
        case .waiting, .live: return
        }
    }

    /// Skips a message that cannot be read.
    ///
    /// A missed message is only counted, and reported when the room is live. A new one is reported
    /// at once.
    private mutating func skip(_ error: ChatError) -> Finding? {
        switch state {
        case .waiting, .catchingUp:
            unreadableCount += 1
            return nil
        case .live: return .unreadable(error)
        }
    }

    /// Changes to `live`, and reports it, if `seq` is the last missed entry.
    private mutating func catchUp(to seq: UInt64) -> [Finding] {
        switch state {
        case .waiting, .live: return []
        case .catchingUp(let head, let missedCount):
            guard seq >= head else { return [] }
            state = .live(head: head)
            defer { unreadableCount = 0 }
            let live = Finding.live(missedCount: missedCount)
            guard unreadableCount > 0 else { return [live] }
            return [.unreadable(ChatError.unreadableMessages(unreadableCount)), live]
        }
    }
}
