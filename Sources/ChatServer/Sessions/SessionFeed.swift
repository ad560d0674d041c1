import NIOCore

/// Decides what an admitted session reads of the room.
///
/// A session that keeps up gets live entries. Other sessions read pages from the store. History is
/// also read in pages.
///
/// ```
/// catchingUp ──▶ live      a session that cannot keep up goes back
/// ```
struct SessionFeed {
    /// What the handler does with new entries.
    enum Delivery {
        /// Write them now.
        case send
        /// Do not write them: the session reads pages from now on.
        case fallBehind
        /// Do not write them: the session already reads pages.
        case skip
    }

    private enum State {
        /// The session reads pages; it asks for one at a time.
        case catchingUp(isPageAsked: Bool)
        /// The session gets each new entry at once.
        case live
    }

    private var state: State
    /// The last entry that was written to the channel.
    private var sentSeq: UInt64
    /// The epochs in use whose announcements were not sent yet; they are sent before any entry.
    private var speaking: [SessionEpoch]
    /// Lines of the registry that wait until the entries before them were sent.
    ///
    /// A sender may have been a member when those entries were made, and be removed by these lines.
    private var announced: [(frame: ByteBuffer, after: UInt64)] = []
    /// The rest of the history that the session asked for; it is read when the channel has room.
    private var history: (after: UInt64, through: UInt64)?

    /// Starts after the entry `seq`; `head` is the last entry of the log.
    init(after seq: UInt64, head: UInt64, speaking: [SessionEpoch]) {
        sentSeq = seq
        self.speaking = speaking
        state = .catchingUp(isPageAsked: false)
        settle(at: head)
    }

    /// Changes to `live` if no entry is left to read up to `head`.
    private mutating func settle(at head: UInt64) {
        state =
            speaking.isEmpty && sentSeq >= head ? .live : .catchingUp(isPageAsked: false)
    }

    // MARK: Entries

    /// Takes new entries, from `first` to `head`.
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

    /// Takes the announcements of the first epochs of `speaking`; returns the frames to write.
    mutating func takeKeys(_ frames: ByteBuffer, epochCount: Int, head: UInt64) -> [ByteBuffer] {
        switch state {
        case .live: return []
        case .catchingUp:
            speaking.removeFirst(min(epochCount, speaking.count))
            settle(at: head)
            return [frames]
        }
    }

    /// Takes a page of older entries, up to `last`; returns the frames to write.
    mutating func takePage(_ frames: ByteBuffer, last: UInt64, head: UInt64) -> [ByteBuffer] {
        switch state {
        case .live: return []
        case .catchingUp:
            // The registry changed at an entry within this page. The page is read again, only up to
            // that entry.
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

    /// Takes lines of the registry that follow the entry `seq`; returns the frames to write.
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

    // MARK: Requests

    /// Notes that the history continues after `next`.
    mutating func continueHistory(after next: UInt64, through head: UInt64) {
        history = (next, head)
    }

    /// Returns the next request for a page; `nil` if none is needed.
    ///
    /// Call it only if the channel has room.
    mutating func nextPage() -> SessionRequest? {
        switch state {
        case .live, .catchingUp(isPageAsked: true): return nil
        case .catchingUp(isPageAsked: false):
            state = .catchingUp(isPageAsked: true)
            guard speaking.isEmpty else { return .keysPage(speaking, through: sentSeq) }
            return .page(after: sentSeq, through: announced.first?.after ?? .max)
        }
    }

    /// Returns the next request for a page of history.
    ///
    /// Call it only if the channel has room.
    mutating func nextHistoryPage() -> SessionRequest? {
        guard let (seq, head) = history else { return nil }
        history = nil
        return .historyPage(after: seq, through: head)
    }
}
