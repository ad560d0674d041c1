internal import CryptoCore
internal import KeyFormats

/// What was said here, on its way into a room's log: it waits, is sealed and sent, and is taken out
/// when the server has stored or refused it.
struct Sending {
    private let room: String
    private var outbox = Outbox()
    /// Whether what was typed waits for the user, since somebody new would read it.
    private(set) var isHeld = false
    /// How many lines of the registry the room's log told of: nothing is said before they are here.
    private var neededLineCount = 0
    /// The present epoch; none before the first message to these members.
    private var epoch: SenderEpoch?
    /// The session whose epochs are counted.
    private var session: SHA256Digest?
    private var epochCount: UInt32 = 0

    init(room: String) { self.room = room }

    /// How many messages wait for their acknowledgement.
    var waitingCount: Int { outbox.count }

    // MARK: The connection

    /// A connection stands, for this session of one's own: everything is sent again.
    mutating func connect(as session: SHA256Digest) {
        if self.session != session { epochCount = 0 }
        self.session = session
        renew()
    }

    /// The connection is gone: what was on its way is to be sent again.
    mutating func disconnect() { outbox.rewind() }

    // MARK: Messages

    mutating func add(_ message: SentMessage) { outbox.add(message) }

    /// Takes out a message that the server stored or refused; `nil` where none of that id waits.
    mutating func remove(_ id: [UInt8]) -> SentMessage? {
        defer { if outbox.count == 0 { isHeld = false } }
        return outbox.remove(id)
    }

    /// Keeps everything that waits until the user releases it; returns how many messages those are.
    mutating func hold() -> Int {
        isHeld = outbox.count > 0
        return outbox.count
    }

    /// The user wants those who are in the room now to read what waits.
    mutating func release() { isHeld = false }

    // MARK: The members

    /// The members are others, or have other keys: what is said from now on is said to them.
    mutating func endEpoch() { epoch = nil }

    /// The room's log told of a change; the registry has this many lines with it.
    mutating func follow(_ event: RoomEvent, lineCount: Int) {
        neededLineCount = max(neededLineCount, lineCount)
        // What is on its way was made for the members before this line: the server refuses it, and
        // it is sent again, in order, under its old ids.
        if event.changesMembership { renew() }
    }

    private mutating func renew() {
        outbox.rewind()
        endEpoch()
    }

    // MARK: Sealing

    /// Whether a message may leave now, where the registry has this many lines.
    func isReady(lineCount: Int) -> Bool {
        !isHeld && outbox.hasNext && lineCount >= neededLineCount
    }

    /// Whether the next message needs an epoch of its own, and with it another look at the members.
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

    /// The messages that leave now, as many as the window and the epoch take.
    mutating func messages(seen: LogPosition, at now: Timestamp) throws -> [WireFrame] {
        var frames: [WireFrame] = []
        while let epoch, !epoch.isOver(at: now), let message = outbox.next() {
            frames.append(try epoch.message(message.text, id: message.id, seen: seen))
        }
        return frames
    }
}
