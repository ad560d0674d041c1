/// What was said and is not acknowledged yet, in order, each under the id that it keeps.
struct Outbox {
    /// Most messages that are on their way at once.
    static let window = 64

    struct Item {
        let message: SentMessage
        var isOnItsWay = false
    }

    private var items: [Item] = []

    var count: Int { items.count }

    mutating func add(_ message: SentMessage) { items.append(Item(message: message)) }

    /// The next message to send, marked as on its way; none while the window is full.
    mutating func next() -> SentMessage? {
        // Those on their way are always the first ones: what is sent again is sent in order.
        let sent = items.prefix(Outbox.window).count { $0.isOnItsWay }
        guard sent < min(items.count, Outbox.window) else { return nil }
        items[sent].isOnItsWay = true
        return items[sent].message
    }

    /// Whether anything waits to be sent.
    var hasNext: Bool {
        items.prefix(Outbox.window).contains { !$0.isOnItsWay }
    }

    /// Takes out the message of an id, which was acknowledged or refused; `nil` where none of that
    /// id is here.
    mutating func remove(_ id: [UInt8]) -> SentMessage? {
        guard let index = items.firstIndex(where: { $0.message.id == id }) else { return nil }
        return items.remove(at: index).message
    }

    /// All is to be sent again: the connection broke, or the members changed.
    mutating func rewind() {
        for index in items.indices where items[index].isOnItsWay { items[index].isOnItsWay = false }
    }
}
