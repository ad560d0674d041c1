import NIOCore

/// What an admitted session reads of the room: live entries while it keeps up, else pages from the
/// store; and history, a page at a time.
///
/// ```
/// catchingUp ──▶ live      a session that cannot keep up goes back
/// ```
struct SessionFeed {
    /// What becomes of new entries.
    enum Delivery {
        /// They are written now.
        case send
        /// The session falls behind with them: it reads pages from now on.
        case fallBehind
        /// The session reads pages, and comes to them later.
        case skip
    }

    private enum State {
        /// Reading pages; one is asked for at a time.
        case catchingUp(isPageAsked: Bool)
        /// Getting each entry as it comes.
        case live
    }

    private var state: State
    /// The last entry that was written to the channel.
    private var sentSeq: UInt64
    /// The epochs in use whose announcements are still to be sent; they come before any entry.
    private var speaking: [SessionEpoch]
    /// Lines of the registry that wait until the entries before them were sent: somebody may have
    /// been a member when those were said, and become one with these lines.
    private var announced: [(frame: ByteBuffer, after: UInt64)] = []
    /// Where the history that this session asked for goes on, once there is room for it.
    private var history: (after: UInt64, through: UInt64)?

    /// Begins after an entry; `head` is the last one of the log.
    init(after seq: UInt64, head: UInt64, speaking: [SessionEpoch]) {
        sentSeq = seq
        self.speaking = speaking
        state = .catchingUp(isPageAsked: false)
        settle(at: head)
    }

    /// Live where nothing is left to read before `head`.
    private mutating func settle(at head: UInt64) {
        state =
            speaking.isEmpty && sentSeq >= head ? .live : .catchingUp(isPageAsked: false)
    }

    // MARK: Entries

    /// New entries came, from `first` to `head`.
    ///
    /// A session that cannot keep up stops receiving live entries, and reads pages from its cursor.
    mutating func deliver(from first: UInt64, head: UInt64, isWritable: Bool) -> Delivery {
        switch state {
        case .catchingUp: return .skip
        case .live:
            guard isWritable, sentSeq + 1 == first else {
                state = .catchingUp(isPageAsked: false)
                return .fallBehind
            }
            sentSeq = head
            return .send
        }
    }

    /// Announcements of the first epochs of `speaking` came; returns what is written.
    mutating func takeKeys(_ frames: ByteBuffer, epochCount: Int, head: UInt64) -> [ByteBuffer] {
        switch state {
        case .live: return []
        case .catchingUp:
            speaking.removeFirst(min(epochCount, speaking.count))
            settle(at: head)
            return [frames]
        }
    }

    /// A page of older entries came, up to `last`; returns what is written.
    mutating func takePage(_ frames: ByteBuffer, last: UInt64, head: UInt64) -> [ByteBuffer] {
        switch state {
        case .live: return []
        case .catchingUp:
            // Asked for before the registry changed in the midst of it: asked for again, up to
            // there.
            if let next = announced.first, last > next.after {
                state = .catchingUp(isPageAsked: false)
                return []
            }
            sentSeq = last
            settle(at: head)
            return [frames] + takeAnnounced()
        }
    }

    // MARK: The registry

    /// Lines of the registry came, which count after an entry; returns what is written.
    mutating func announce(_ frame: ByteBuffer, after seq: UInt64) -> [ByteBuffer] {
        switch state {
        case .live: return [frame]
        case .catchingUp:
            announced.append((frame, seq))
            return takeAnnounced()
        }
    }

    private mutating func takeAnnounced() -> [ByteBuffer] {
        let due = announced.prefix { $0.after <= sentSeq }.map(\.frame)
        announced.removeFirst(due.count)
        return due
    }

    // MARK: What is asked for

    /// A page of history came, and more of it follows after `next`.
    mutating func continueHistory(after next: UInt64, through head: UInt64) {
        history = (next, head)
    }

    /// The next page to ask for, where the channel has room for it; `nil` where none is needed.
    mutating func nextPage() -> SessionRequest? {
        switch state {
        case .live, .catchingUp(isPageAsked: true): return nil
        case .catchingUp(isPageAsked: false):
            state = .catchingUp(isPageAsked: true)
            guard speaking.isEmpty else { return .keysPage(speaking, through: sentSeq) }
            return .page(after: sentSeq, through: announced.first?.after ?? .max)
        }
    }

    /// The next page of history to ask for, where the channel has room for it.
    mutating func nextHistoryPage() -> SessionRequest? {
        guard let (seq, head) = history else { return nil }
        history = nil
        return .historyPage(after: seq, through: head)
    }
}
