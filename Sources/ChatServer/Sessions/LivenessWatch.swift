import ChatProtocol
import NIOCore

/// Finds connections that broke without a signal, and clients that stopped reading.
///
/// The handler of one session owns it and calls it only on its event loop.
final class LivenessWatch {
    /// Whether the channel is read; while it is not, silence does not count.
    var isListening = true {
        didSet { if isListening, !oldValue { lastHeard = .now() } }
    }

    private var lastHeard = NIODeadline.now()
    private var timer: RepeatedTask?
    private var blockedDeadline: Scheduled<Void>?

    // The number of intervals in the allowed silence; a ping is sent after each silent interval.
    private static let ticks: Int64 = 3
    private static let closingSeconds: Int64 = 2

    func heard() { lastHeard = .now() }

    /// Sends pings to a silent client, and calls `lost` after too long a silence.
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

    /// Starts a timer for a full channel; `lost` is called if the channel makes no progress in
    /// time.
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

    /// Calls `lost` shortly after a close began, if the connection is still open.
    ///
    /// A client that does not read could otherwise keep it open.
    func closing(_ context: ChannelHandlerContext?, lost: @escaping () -> Void) {
        guard let context else { return }
        let bound = NIOLoopBound((context, lost), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .seconds(LivenessWatch.closingSeconds)) {
            let (context, lost) = bound.value
            if context.channel.isActive { lost() }
        }
    }

    /// Stops the timers, except the one of `closing`.
    func end() {
        timer?.cancel()
        timer = nil
        unblocked()
    }
}
