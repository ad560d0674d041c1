import ChatProtocol

/// The number of a session's frames that wait for the engine; it limits decoding and reading.
struct SessionWindow {
    private var waitingCount = 0
    /// Whether a history or a list of members is being answered; only one at a time.
    private var isAnswering = false

    /// Counts a frame for the engine; with `isAnswered`, no further frame is taken before its
    /// answer.
    mutating func post(isAnswered: Bool = false) {
        waitingCount += 1
        if isAnswered { isAnswering = true }
    }

    /// Notes that the engine processed this number of frames.
    mutating func complete(_ count: Int) { waitingCount -= count }

    /// Notes that the answer was written.
    mutating func answer() {
        isAnswering = false
        complete(1)
    }

    /// Whether one more frame may be taken.
    var hasRoom: Bool { !isAnswering && waitingCount < ServerLimits.window }

    /// Whether the channel is read: reading stops at a full window, and starts again at half of it.
    func isOpen(wasOpen: Bool) -> Bool {
        !isAnswering
            && waitingCount < (wasOpen ? ServerLimits.window : ServerLimits.window / 2)
    }
}
