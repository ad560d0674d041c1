import NIOCore

/// What a session reads of the room: live entries while it keeps up, else pages from the store; and
/// history, a page at a time.
extension SessionHandler {
    /// Announcements of the first epochs of `speaking`.
    func keysPage(_ frames: ByteBuffer, epochCount: Int) {
        isPageAsked = false
        guard case .catchingUp = state else { return }
        speaking.removeFirst(min(epochCount, speaking.count))
        send(frames)
        if speaking.isEmpty, sentSeq >= hub.headSeq { state = .live } else { askForPage() }
    }

    /// A page of older entries; it ends at `last`.
    func page(_ frame: ByteBuffer, last: UInt64) {
        isPageAsked = false
        guard case .catchingUp = state else { return }
        // Asked for before the registry changed in the midst of it: asked for again, up to there.
        if let next = announced.first, last > next.after { return askForPage() }
        sentSeq = last
        send(frame)
        sendAnnounced()
        if sentSeq >= hub.headSeq { state = .live } else { askForPage() }
    }

    /// Lines of the registry, and the entry after which they count.
    func announce(_ frame: ByteBuffer, after seq: UInt64) {
        guard case .catchingUp = state else { return send(frame) }
        announced.append((frame, seq))
        sendAnnounced()
    }

    private func sendAnnounced() {
        while let next = announced.first, next.after <= sentSeq {
            send(next.frame)
            announced.removeFirst()
        }
    }

    /// A page of history; `next` is where the following one begins.
    func historyPage(_ frames: ByteBuffer, after next: UInt64?, through head: UInt64) {
        guard next != nil else { return answered(frames) }
        send(frames)
        history = next.map { ($0, head) }
        askForHistory()
    }

    func askForHistory() {
        guard let (seq, head) = history, let context, context.channel.isWritable, let reference
        else { return }
        history = nil
        mailbox.post(.historyPage(reference, after: seq, through: head))
    }

    func askForPage() {
        guard case .catchingUp = state, !isPageAsked, let context, context.channel.isWritable,
            let reference
        else { return }
        isPageAsked = true
        guard speaking.isEmpty else {
            return mailbox.post(.keysPage(reference, speaking, through: sentSeq))
        }
        mailbox.post(
            .page(reference, after: sentSeq, through: announced.first?.after ?? .max)
        )
    }

    /// New entries.
    ///
    /// A session that cannot keep up stops receiving live entries, and reads pages from its cursor.
    func deliver(_ stretch: ByteBuffer, from first: UInt64) {
        guard case .live = state, let context else { return }
        guard context.channel.isWritable, sentSeq + 1 == first else {
            state = .catchingUp
            return askForPage()
        }
        sentSeq = hub.headSeq
        send(stretch)
    }
}
