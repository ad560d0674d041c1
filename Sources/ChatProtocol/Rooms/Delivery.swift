internal import CryptoCore
internal import Failures
internal import FoundationEssentials
internal import KeyFormats
internal import Registry
internal import SwiftProtobuf

/// How a room's log reaches this client: first what was missed, then what is said now.
///
/// ```
/// waiting ──▶ catchingUp ──▶ live      a new connection leads back to waiting
/// ```
/// Stretches of entries go in, findings come out.
struct Delivery {
    /// What an entry means to its room.
    enum Finding {
        /// A message of this very session came back: the server has stored it.
        case stored(id: [UInt8], seq: UInt64)
        /// A message of somebody, opened.
        case message(ChatMessage)
        /// Messages that cannot be read, with the reason.
        case unreadable(ChatError)
        /// Something happened to a member; the registry has this many lines with it.
        case event(RoomEvent, lineCount: Int)
        /// What was missed is complete; what follows is said now.
        case live(missedCount: Int)
    }

    private enum State {
        /// There was no welcome on this connection yet.
        case waiting
        /// Receiving what was said before the login, which came at the entry `head`.
        case catchingUp(head: UInt64, missedCount: Int)
        /// Receiving what is said now; the login came at the entry `head`.
        case live(head: UInt64)
    }

    private let room: String
    private var state = State.waiting
    private var receiver: ReceiverKeys
    /// The log as far as it was shown.
    private(set) var log: RoomLog
    /// The revocations that the log, or a welcome, told of.
    private(set) var revocations = Revocations()
    /// Messages of the past that could not be read, and were not told of yet.
    private var unreadableCount = 0

    init(room: String, position: LogPosition?, receiver: ReceiverKeys) {
        self.room = room
        log = RoomLog(position: position)
        self.receiver = receiver
    }

    /// Whether everything that was missed is there.
    var isLive: Bool {
        switch state {
        case .live: true
        case .waiting, .catchingUp: false
        }
    }

    // MARK: The connection

    /// The connection is made, or gone: nothing is delivered before the next welcome.
    mutating func pause() { state = .waiting }

    /// A new connection begins with a new allowance of skipped steps.
    mutating func connect() {
        pause()
        receiver.forgetSkippedSteps()
    }

    /// The server's welcome: the log goes on after `start`, and was at `head` at the login.
    ///
    /// Throws `ChatError` where `start` is not the place that was shown last.
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

    /// Takes a stretch, as the session `own`.
    ///
    /// A stretch counts as a whole: where any of it is wrong it throws, and the place in the log
    /// stays before it, so that the next connection meets the same again.
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
            case .unspecified, .UNRECOGNIZED: break  // a kind of a later version
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
        // The store no longer has it.
        guard !entry.body.isEmpty else { return skip(ChatError.unreadableMessages(1)) }
        if let id = ownMessageID(entry, own) { return .stored(id: id, seq: entry.seq) }
        do {
            let opened = try receiver.open(entry, revocations: revocations)
            // A sender signed what it saw: if that is not what was shown here, the server shows
            // different people different logs.
            guard !log.contradicts(opened.seen) else {
                throw MemberDirectory.fork("\(opened.from) saw another log of this room")
            }
            // A message from before the login may be of somebody who was a member then.
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

    /// The id of a message that this very session sent.
    private func ownMessageID(_ entry: WireEntry, _ own: SHA256Digest) -> [UInt8]? {
        guard let signed = try? WireSigned(serializedBytes: entry.body),
            signed.session == own.data,
            let content = try? WireMessageContent(serializedBytes: signed.content)
        else { return nil }
        return Array(content.id)
    }

    // MARK: What was missed

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

    /// Skips a message that cannot be read: a missed one is counted and told when the room is live,
    /// another one is told at once.
    private mutating func skip(_ error: ChatError) -> Finding? {
        switch state {
        case .waiting, .catchingUp:
            unreadableCount += 1
            return nil
        case .live: return .unreadable(error)
        }
    }

    /// Marks the place between what was missed and what is said now, once it is reached.
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
