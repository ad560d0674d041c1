import Testing

@testable import ChatProtocol

/// What was said and is not acknowledged yet.
struct OutboxTests {
    private func message(_ number: UInt8) -> SentMessage {
        SentMessage(id: [number], text: "\(number)", reference: nil)
    }

    private func next(_ outbox: inout Outbox) -> [UInt8] {
        var ids: [UInt8] = []
        while let message = outbox.next() { ids += message.id }
        return ids
    }

    @Test func `a window of messages is on its way, and the next one after each answer`() {
        var outbox = Outbox()
        for number in UInt8(0)..<100 { outbox.add(message(number)) }
        #expect(next(&outbox) == Array(0..<64))
        #expect(!outbox.hasNext)
        #expect(outbox.remove([5])?.id == [5])
        #expect(next(&outbox) == [64])
        #expect(outbox.remove([5]) == nil)
        #expect(outbox.count == 99)
    }

    @Test func `after a rewind everything is sent again, in order`() {
        var outbox = Outbox()
        for number in UInt8(0)..<4 { outbox.add(message(number)) }
        _ = next(&outbox)
        _ = outbox.remove([1])
        outbox.rewind()
        outbox.add(message(9))
        #expect(next(&outbox) == [0, 2, 3, 9])
    }
}
