import ChatProtocol

/// How much of one session lies with the writer: it bounds what is decoded and read.
struct SessionWindow {
    private var waitingCount = 0
    /// Whether an answer of several frames is being made: one history or one who at a time.
    private var isAnswering = false

    /// A frame went to the writer; `isAnswered` says that nothing follows it before its answer.
    mutating func post(isAnswered: Bool = false) {
        waitingCount += 1
        if isAnswered { isAnswering = true }
    }

    /// The writer has dealt with frames.
    mutating func complete(_ count: Int) { waitingCount -= count }

    /// The one answer is written.
    mutating func answer() {
        isAnswering = false
        complete(1)
    }

    /// Whether one more frame may be taken.
    var hasRoom: Bool { !isAnswering && waitingCount < ServerLimits.window }

    /// Whether bytes are to be read: it stops at a full window, and begins again at half of it.
    func isOpen(wasOpen: Bool) -> Bool {
        !isAnswering
            && waitingCount < (wasOpen ? ServerLimits.window : ServerLimits.window / 2)
    }
}
