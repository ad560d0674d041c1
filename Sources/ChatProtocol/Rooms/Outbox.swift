/// The user's messages that are not acknowledged, in order; each keeps its id when it is sent
/// again.
struct Outbox {
    /// The most messages that are sent and not acknowledged.
    static let window = 64

    /// A message, and whether it was sent on the present connection.
    struct Item {
        let message: SentMessage
        var isOnItsWay = false
    }

    private var items: [Item] = []

    var count: Int { items.count }

    mutating func add(_ message: SentMessage) { items.append(Item(message: message)) }

    /// Returns the next message and marks it as sent; `nil` if none waits or the window is full.
    mutating func next() -> SentMessage? {
        // The sent messages always come first, so messages that are sent again keep their order.
        let sent = items.prefix(Outbox.window).count { $0.isOnItsWay }
        guard sent < min(items.count, Outbox.window) else { return nil }
        items[sent].isOnItsWay = true
        return items[sent].message
    }

    /// Whether a message in the window waits to be sent.
    var hasNext: Bool {
        items.prefix(Outbox.window).contains { !$0.isOnItsWay }
    }

    /// Removes and returns a message that was acknowledged or refused; `nil` if no message has the
    /// id.
    mutating func remove(_ id: [UInt8]) -> SentMessage? {
        guard let index = items.firstIndex(where: { $0.message.id == id }) else { return nil }
        return items.remove(at: index).message
    }

    /// Marks all messages as not sent, because the connection was lost or the members changed.
    mutating func rewind() {
        for index in items.indices where items[index].isOnItsWay { items[index].isOnItsWay = false }
    }
}
