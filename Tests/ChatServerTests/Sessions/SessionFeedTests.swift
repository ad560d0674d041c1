import CryptoCore
import NIOCore
import Testing

@testable import ChatServer

/// What a session reads: pages until it meets the live entries, and again when it falls behind.
struct SessionFeedTests {
    private let epoch = SessionEpoch(session: SHA256Digest(hashing: [1]), number: 1)

    private func frame(_ byte: UInt8) -> ByteBuffer { ByteBuffer(bytes: [byte]) }

    private func page(_ feed: inout SessionFeed) -> (after: UInt64, through: UInt64)? {
        if case .page(let after, let through)? = feed.nextPage() { (after, through) } else { nil }
    }

    @Test func `it is live at the head, and gets each entry once`() {
        var feed = SessionFeed(after: 5, head: 5, speaking: [])
        #expect(feed.nextPage() == nil)
        #expect(feed.deliver(from: 6, head: 7, isWritable: true) == .send)
        #expect(feed.deliver(from: 8, head: 8, isWritable: true) == .send)
    }

    @Test func `it reads pages one at a time up to the head, and is live then`() {
        var feed = SessionFeed(after: 2, head: 9, speaking: [])
        let first = page(&feed)
        #expect(first?.after == 2 && first?.through == .max)
        #expect(page(&feed) == nil)
        #expect(feed.deliver(from: 10, head: 10, isWritable: true) == .skip)
        #expect(feed.takePage(frame(1), last: 6, head: 10) == [frame(1)])
        #expect(page(&feed)?.after == 6)
        #expect(feed.takePage(frame(2), last: 10, head: 10) == [frame(2)])
        #expect(feed.nextPage() == nil)
        #expect(feed.deliver(from: 11, head: 11, isWritable: true) == .send)
    }

    @Test func `announcements of epochs in use come before any entry`() {
        var feed = SessionFeed(after: 9, head: 9, speaking: [epoch, epoch, epoch])
        guard case .keysPage(let epochs, through: 9)? = feed.nextPage() else {
            Issue.record("no announcements are asked for")
            return
        }
        #expect(epochs.count == 3)
        #expect(feed.deliver(from: 10, head: 10, isWritable: true) == .skip)
        #expect(feed.takeKeys(frame(1), epochCount: 2, head: 10) == [frame(1)])
        guard case .keysPage(let rest, through: 9)? = feed.nextPage() else {
            Issue.record("the rest is not asked for")
            return
        }
        #expect(rest.count == 1)
        #expect(feed.takeKeys(frame(2), epochCount: 1, head: 10) == [frame(2)])
        #expect(page(&feed)?.after == 9)
    }

    @Test func `it falls behind where the channel is full, or where entries are missing`() {
        var full = SessionFeed(after: 5, head: 5, speaking: [])
        #expect(full.deliver(from: 6, head: 6, isWritable: false) == .fallBehind)
        #expect(full.deliver(from: 7, head: 7, isWritable: true) == .skip)
        #expect(page(&full)?.after == 5)
        var gap = SessionFeed(after: 5, head: 5, speaking: [])
        #expect(gap.deliver(from: 7, head: 7, isWritable: true) == .fallBehind)
    }

    @Test func `lines of the registry wait for the entries before them`() {
        var feed = SessionFeed(after: 2, head: 9, speaking: [])
        #expect(feed.announce(frame(9), after: 6).isEmpty)
        let asked = page(&feed)
        #expect(asked?.after == 2 && asked?.through == 6)
        #expect(feed.takePage(frame(1), last: 6, head: 9) == [frame(1), frame(9)])
        var live = SessionFeed(after: 9, head: 9, speaking: [])
        #expect(live.announce(frame(1), after: 9) == [frame(1)])
    }

    @Test func `a page that goes beyond such lines is asked for again, up to them`() {
        var feed = SessionFeed(after: 2, head: 9, speaking: [])
        _ = feed.nextPage()
        _ = feed.announce(frame(9), after: 6)
        #expect(feed.takePage(frame(1), last: 8, head: 9).isEmpty)
        let again = page(&feed)
        #expect(again?.after == 2 && again?.through == 6)
    }

    @Test func `history goes on once after each page`() {
        var feed = SessionFeed(after: 9, head: 9, speaking: [])
        #expect(feed.nextHistoryPage() == nil)
        feed.continueHistory(after: 4, through: 9)
        guard case .historyPage(after: 4, through: 9)? = feed.nextHistoryPage() else {
            Issue.record("history does not go on")
            return
        }
        #expect(feed.nextHistoryPage() == nil)
    }
}
