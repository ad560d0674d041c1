public import KeyFormats

/// A message that was decrypted, as it is shown.
public struct ChatMessage: Sendable {
    /// The name of the room.
    public let room: String
    /// The sender's name in the registry.
    public let from: KeyName
    /// The text as it was sent; the output replaces control characters when it prints it.
    public let text: String
    /// The sequence number of its entry in the room's log.
    public let seq: UInt64
    /// When the server stored it, in milliseconds since 1970.
    public let time: Int64
    /// The id that its sender gave it.
    public let id: [UInt8]
    /// Whether it is part of an answer to a request for history.
    public let isReplay: Bool
}

extension ChatMessage {
    /// Makes the message of a decrypted entry.
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
