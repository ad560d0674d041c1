import ChatProtocol
import NIOCore

/// Notices a path that died without a word, and a client that stopped reading.
///
/// Owned by one session's handler, and touched on its loop alone.
final class LivenessWatch {
    /// Whether bytes are read at all: a session that is not read from is not silent.
    var isListening = true {
        didSet { if isListening, !oldValue { lastHeard = .now() } }
    }

    private var lastHeard = NIODeadline.now()
    private var timer: RepeatedTask?
    private var blockedDeadline: Scheduled<Void>?

    // Pings a third of the silence that is allowed.
    private static let ticks: Int64 = 3
    private static let closingSeconds: Int64 = 2

    func heard() { lastHeard = .now() }

    /// Pings a silent client, and calls `lost` after too long a silence.
    func begin(
        _ context: ChannelHandlerContext,
        silenceSeconds: Int,
        ping: @escaping () -> Void,
        lost: @escaping () -> Void
    ) {
        let patience = TimeAmount.seconds(Int64(silenceSeconds))
        let interval = TimeAmount.nanoseconds(patience.nanoseconds / LivenessWatch.ticks)
        lastHeard = .now()
        let bound = NIOLoopBound((self, ping, lost), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) {
            _ in
            let (watch, ping, lost) = bound.value
            let silence = NIODeadline.now() - watch.lastHeard
            guard watch.isListening else { return }
            if silence >= patience { return lost() }
            if silence >= interval { ping() }
        }
    }

    /// The channel is full: it must empty within a time, or make progress.
    func blocked(_ context: ChannelHandlerContext, lost: @escaping () -> Void) {
        guard blockedDeadline == nil else { return }
        wait(context, from: LivenessWatch.bufferedByteCount(context), lost)
    }

    private func wait(
        _ context: ChannelHandlerContext,
        from before: Int,
        _ lost: @escaping () -> Void
    ) {
        let bound = NIOLoopBound((self, context, lost), eventLoop: context.eventLoop)
        blockedDeadline = context.eventLoop.scheduleTask(
            in: .seconds(ServerLimits.blockedSeconds)
        ) {
            let (watch, context, lost) = bound.value
            let left = LivenessWatch.bufferedByteCount(context)
            guard before - left >= ServerLimits.blockedProgressByteCount else { return lost() }
            watch.wait(context, from: left, lost)
        }
    }

    private static func bufferedByteCount(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    func unblocked() {
        blockedDeadline?.cancel()
        blockedDeadline = nil
    }

    /// The connection is being closed: it is gone after a moment, whether its client reads or not.
    func closing(_ context: ChannelHandlerContext?, lost: @escaping () -> Void) {
        guard let context else { return }
        let bound = NIOLoopBound((context, lost), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .seconds(LivenessWatch.closingSeconds)) {
            let (context, lost) = bound.value
            if context.channel.isActive { lost() }
        }
    }

    /// Stops looking; what was asked of `closing` goes on.
    func end() {
        timer?.cancel()
        timer = nil
        unblocked()
    }
}
