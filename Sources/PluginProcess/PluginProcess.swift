internal import CLinux
public import CryptoCore
internal import Glibc

/// A running program that is talked to over its standard input and output.
///
/// It owns the process and the pipes. One thread at a time uses it; the program is killed when this
/// process ends. The program has a session of its own, so `/dev/tty` does not open there, and the
/// keys of the terminal send it no signals; it could still open the terminal's device by its name.
/// It has no other descriptors, and writes no core file. What it writes to its standard error is
/// kept, up to a limit. `end` stops the program, and so does the end of this object.
///
/// The process must ignore SIGPIPE. Where a signal that ends this process comes during `write`,
/// `read` or `end`, the program gets it, too.
public final class PluginProcess {
    /// Most bytes that are kept of its standard error.
    public static let largestKeptErrorByteCount = 16 << 10
    /// Most bytes that it may write to its standard error.
    public static let largestErrorByteCount = 1 << 20
    private static let pieceByteCount = 64 << 10
    /// How long it has to end after SIGTERM.
    private static let stoppingTime = Duration.milliseconds(500)
    /// How long it has to vanish after SIGKILL: the kernel may hold it, for example on a dead disk.
    private static let killingTime = Duration.seconds(5)

    /// What it is called in messages.
    public let name: String
    /// The start of what it wrote to its standard error; not cleaned.
    public private(set) var keptErrors: [UInt8] = []
    private let largestOutputByteCount: Int
    private let id: pid_t
    private let exit: Descriptor
    private var input: Descriptor?
    private var output: Descriptor?
    private var errors: Descriptor?
    private var outputByteCount = 0
    private var errorByteCount = 0
    private var ending: PluginEnding?
    private let clock = SuspendingClock()

    /// Starts a program; throws `PluginProcessError` (code `notStarted`) where that fails.
    public init(_ program: PluginProgram) throws(PluginProcessError) {
        guard let input = Descriptor.pipe(), let output = Descriptor.pipe(),
            let errors = Descriptor.pipe()
        else { throw PluginProcessError.notStarted(program.name, errno) }
        let rules = try program.hiddenFolder?.rules(for: program.name)
        let id = program.start(
            rules: rules ?? nil,
            input: input.reading,
            output: output.writing,
            errors: errors.writing
        )
        guard id > 0 else { throw PluginProcessError.notStarted(program.name, errno) }
        let exit = clinux_open_process(id)
        guard exit >= 0 else {
            let number = errno
            kill(-id, SIGKILL)
            _ = waitpid(id, nil, 0)
            throw PluginProcessError.notStarted(program.name, number)
        }
        for end in [input.writing, output.reading, errors.reading] { end.forbidWaiting() }
        name = program.name
        largestOutputByteCount = program.largestOutputByteCount
        self.id = id
        self.exit = Descriptor(exit)
        self.input = input.writing
        self.output = output.reading
        self.errors = errors.reading
    }

    deinit { _ = end(within: .zero, isFailure: true) }

    /// Begins to count its output anew: the limit is for one request.
    public func beginRequest() { outputByteCount = 0 }

    /// Writes bytes to its standard input.
    ///
    /// Throws `PluginProcessError`: `silent` where it has not read all of them within `limit`,
    /// `closed` where it closed its input, and `flooded`.
    public func write(_ bytes: RawSpan, within limit: Duration) throws(PluginProcessError) {
        let deadline = clock.now + limit
        var start = 0
        while start < bytes.byteCount {
            guard let input else { throw PluginProcessError.closed(name) }
            guard try wait(for: input, Int16(POLLOUT), until: deadline) else {
                throw PluginProcessError.notReading(name, after: limit)
            }
            // SAFETY: write reads at most the count of the buffer.
            let count = unsafe bytes.extracting(droppingFirst: start).withUnsafeBytes { rest in
                unsafe Glibc.write(input.number, rest.baseAddress, rest.count)
            }
            guard count >= 0 || errno == EAGAIN || errno == EINTR else {
                throw PluginProcessError.closed(name)
            }
            start += max(count, 0)
        }
    }

    /// Reads at least one byte from its standard output; returns none at its end.
    ///
    /// The time runs from `start`, so that several reads can share one limit. Throws
    /// `PluginProcessError`: `silent` where nothing comes in that time, and `flooded`.
    public func read(
        within limit: Duration,
        since start: SuspendingClock.Instant = SuspendingClock.now
    ) throws(PluginProcessError) -> SecretBytes {
        let deadline = start + limit
        while let output {
            guard try wait(for: output, Int16(POLLIN), until: deadline) else {
                throw PluginProcessError.silent(name, after: limit)
            }
            var room = SecretBuffer(count: PluginProcess.pieceByteCount)
            let count = read(output, into: &room)
            guard count >= 0 || errno != EAGAIN && errno != EINTR else { continue }
            guard count > 0 else {
                self.output = nil
                break
            }
            outputByteCount += count
            guard outputByteCount <= largestOutputByteCount else {
                throw PluginProcessError.floodedOutput(name, limit: largestOutputByteCount)
            }
            return SecretBytes(copying: room.bytes.extracting(0..<count))
        }
        return SecretBytes(count: 0) { _ in }
    }

    /// Closes its input and output, waits until it ends, and stops it where it does not.
    ///
    /// A program that does not end within `limit` gets SIGTERM, and then SIGKILL, with all processes
    /// of its group. After a failure the group gets SIGKILL also where the program ended by itself.
    @discardableResult
    public func end(within limit: Duration, isFailure: Bool = false) -> PluginEnding {
        if let ending { return ending }
        input = nil
        output = nil
        let isStopped = !hasEnded(until: clock.now + limit)
        if isStopped {
            kill(-id, SIGTERM)
            _ = hasEnded(until: clock.now + PluginProcess.stoppingTime)
        }
        // Also where the program itself has ended: another process of the group may remain. Until
        // waitpid, the number belongs to the program and its group, and to no other process.
        if isStopped || isFailure { kill(-id, SIGKILL) }
        let ending = collectEnding(isStopped: isStopped)
        _ = try? keepErrors()
        errors = nil
        self.ending = ending
        return ending
    }

    /// Waits for the program, which has ended or was killed.
    private func collectEnding(isStopped: Bool) -> PluginEnding {
        guard hasEnded(until: clock.now + PluginProcess.killingTime) else { return .stopped }
        var status: Int32 = 0
        var collected: pid_t
        // SAFETY: waitpid writes the status.
        repeat { collected = unsafe waitpid(id, &status, 0) } while collected < 0 && errno == EINTR
        guard collected == id, !isStopped else { return .stopped }
        // WIFEXITED, WEXITSTATUS and WTERMSIG are macros.
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .signaled(signal)
    }

    private func hasEnded(until deadline: SuspendingClock.Instant) -> Bool {
        while true {
            do throws(PluginProcessError) {
                return try wait(for: exit, Int16(POLLIN), until: deadline)
            } catch {
                // Too much on standard error: it is not read any more, and the program ends or not.
                errors = nil
            }
        }
    }

    /// Waits until `descriptor` is ready; `false` where that takes too long.
    ///
    /// Keeps what the program writes to its standard error meanwhile.
    private func wait(
        for descriptor: Descriptor,
        _ events: Int16,
        until deadline: SuspendingClock.Instant
    ) throws(PluginProcessError) -> Bool {
        let signals = HeldSignals()
        while true {
            var items = [
                pollfd(fd: descriptor.number, events: events, revents: 0),
                // A negative number is skipped.
                pollfd(fd: errors?.number ?? -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals.number, events: Int16(POLLIN), revents: 0),
            ]
            let left = max(deadline - clock.now, .zero)
            // SAFETY: poll reads and writes the items.
            let count = unsafe poll(&items, nfds_t(items.count), PluginProcess.milliseconds(left))
            if count > 0, items[2].revents != 0 { pass(signals) }
            if count > 0, items[1].revents != 0 { try keepErrors() }
            if count > 0, items[0].revents != 0 { return true }
            guard count != 0 || left > .zero else { return false }
        }
    }

    /// Rounded up, so that a wait does not spin at its end.
    private static func milliseconds(_ time: Duration) -> Int32 {
        let parts = time.components
        let whole = min(parts.seconds, Int64(Int32.max / 1000) - 1) * 1000
        return Int32(whole + (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    /// Reads what its standard error holds now.
    private func keepErrors() throws(PluginProcessError) {
        while let errors {
            var room = SecretBuffer(count: PluginProcess.pieceByteCount)
            let count = read(errors, into: &room)
            guard count > 0 else {
                if count == 0 || errno != EAGAIN && errno != EINTR { self.errors = nil }
                return
            }
            let kept = min(count, PluginProcess.largestKeptErrorByteCount - keptErrors.count)
            keptErrors += SecretBytes(copying: room.bytes.extracting(0..<kept)).publicBytes
            errorByteCount += count
            guard errorByteCount <= PluginProcess.largestErrorByteCount else {
                let limit = PluginProcess.largestErrorByteCount
                throw PluginProcessError.floodedErrors(name, limit: limit)
            }
        }
    }

    private func read(_ descriptor: Descriptor, into room: inout SecretBuffer) -> Int {
        room.withMutableBytes(0..<room.count) { view in
            // SAFETY: read writes at most the count of the buffer.
            unsafe view.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(descriptor.number, bytes.baseAddress, bytes.count)
            }
        }
    }

    /// Gives a signal that ends this process to the program and its group first.
    private func pass(_ signals: HeldSignals) {
        let number = signals.next()
        guard number != 0 else { return }
        kill(-id, number)
        var item = pollfd(fd: exit.number, events: Int16(POLLIN), revents: 0)
        let time = PluginProcess.milliseconds(PluginProcess.stoppingTime)
        // SAFETY: poll reads and writes one item.
        _ = unsafe poll(&item, 1, time)
        kill(-id, SIGKILL)
        signals.release()
        raise(number)
    }
}
