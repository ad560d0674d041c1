public import KeyFormats

/// A message as it is shown.
public struct ChatMessage: Sendable {
    /// The room.
    public let room: String
    /// The sender's name in the registry.
    public let from: KeyName
    /// What was said; it may hold anything, so it is made printable where it is printed.
    public let text: String
    /// Its place in the room's log.
    public let seq: UInt64
    /// When the server stored it, in milliseconds since 1970.
    public let time: Int64
    /// The id that its sender gave it.
    public let id: [UInt8]
    /// Whether it is shown again, as history.
    public let isReplay: Bool
}

extension ChatMessage {
    /// An entry of a room's log that was opened.
    init(_ opened: ReceiverKeys.Opened, _ entry: WireEntry, room: String, isReplay: Bool) {
        self.init(
            room: room,
            from: opened.from,
            text: opened.text,
            seq: entry.seq,
            time: entry.time,
            id: opened.id,
            isReplay: isReplay
        )
    }
}
