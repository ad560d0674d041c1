internal import CryptoCore
internal import KeyFormats

/// The user's messages on their way to a room's log.
///
/// A message waits, is encrypted and sent, and is removed when the server has stored or refused it.
/// `Room` owns it.
struct Sending {
    private let room: String
    private var outbox = Outbox()
    /// Whether messages are held until the user agrees to new readers.
    private(set) var isHeld = false
    /// The number of registry lines that the room's log mentioned; nothing is sent before they have
    /// arrived.
    private var neededLineCount = 0
    /// The present epoch; `nil` before the first message to the present members.
    private var epoch: SenderEpoch?
    /// The id of the own session whose epochs `epochCount` counts.
    private var session: SHA256Digest?
    private var epochCount: UInt32 = 0

    init(room: String) { self.room = room }

    /// The number of messages that are not acknowledged.
    var waitingCount: Int { outbox.count }

    // MARK: The connection

    /// Prepares for a new connection of the own session `session`: all messages are sent again.
    mutating func connect(as session: SHA256Digest) {
        if self.session != session { epochCount = 0 }
        self.session = session
        renew()
    }

    /// Marks all messages as not sent, because the connection was lost.
    mutating func disconnect() { outbox.rewind() }

    // MARK: Messages

    mutating func add(_ message: SentMessage) { outbox.add(message) }

    /// Removes and returns a message that was stored or refused; `nil` if no message has the id.
    mutating func remove(_ id: [UInt8]) -> SentMessage? {
        defer { if outbox.count == 0 { isHeld = false } }
        return outbox.remove(id)
    }

    /// Holds all waiting messages until `release`; returns their number.
    mutating func hold() -> Int {
        isHeld = outbox.count > 0
        return outbox.count
    }

    /// Lets the held messages be sent to the present members.
    mutating func release() { isHeld = false }

    // MARK: The members

    /// Ends the epoch, because the members or their keys changed: the next message begins a new
    /// one.
    mutating func endEpoch() { epoch = nil }

    /// Takes a change from the room's log; the server's registry has `lineCount` lines after it.
    mutating func follow(_ event: RoomEvent, lineCount: Int) {
        neededLineCount = max(neededLineCount, lineCount)
        // Messages on their way were encrypted for the members before the change, so the server
        // refuses them. They are sent again, in order, with the same ids.
        if event.changesMembership { renew() }
    }

    private mutating func renew() {
        outbox.rewind()
        endEpoch()
    }

    // MARK: Encrypting

    /// Whether a message may be sent now, if `lineCount` lines of the registry have arrived.
    func isReady(lineCount: Int) -> Bool {
        !isHeld && outbox.hasNext && lineCount >= neededLineCount
    }

    /// Whether the next message begins a new epoch; then the members are compared again first.
    func needsEpoch(at now: Timestamp) -> Bool { epoch?.isOver(at: now) ?? true }

    /// Begins an epoch for these recipients; returns its announcement.
    mutating func beginEpoch(
        for recipients: [MemberDirectory.Recipient],
        keys: SessionKeys,
        seen: LogPosition,
        at now: Timestamp
    ) throws -> WireFrame {
        epochCount += 1
        let next = try SenderEpoch(
            number: epochCount,
            keys: keys,
            room: room,
            at: now,
            until: recipients.compactMap(\.expires).min()
        )
        let announcement = try next.announcement(to: recipients, seen: seen)
        epoch = next
        return announcement
    }

    /// Returns the next messages as frames, as many as the window and the epoch allow.
    mutating func messages(seen: LogPosition, at now: Timestamp) throws -> [WireFrame] {
        var frames: [WireFrame] = []
        while let epoch, !epoch.isOver(at: now), let message = outbox.next() {
            frames.append(try epoch.message(message.text, id: message.id, seen: seen))
        }
        return frames
    }
}
