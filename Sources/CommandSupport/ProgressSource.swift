public import DurableFiles
internal import Glibc

/// A source that shows its progress on the terminal if reading takes more than a second.
public final class ProgressSource: ByteSource {
    private let file: InputFile
    private let verb: String
    private let isShown: Bool
    // Set at the first read, because a passphrase may be asked for before.
    private var start: Double?
    private var lastShown = 0.0
    private static let delay = 1.0
    private static let interval = 0.2
    private static let barCharacterCount = 30

    /// Wraps a file; `verb` is the word before the progress bar.
    public init(_ file: InputFile, verb: String) {
        self.file = file
        self.verb = verb
        isShown = isatty(STDERR_FILENO) == 1 && Report.knowsEscapeSequences
    }

    deinit { clear() }

    /// Reads the next bytes and shows the progress; throws `FileError` if reading fails.
    public func read(into room: inout MutableRawSpan) throws -> Int {
        let count = try file.read(into: &room)
        guard isShown else { return count }
        let now = ProgressSource.seconds()
        guard count > 0 else {
            clear()
            return count
        }
        let start = start ?? now
        self.start = start
        if now - start >= ProgressSource.delay, now - lastShown >= ProgressSource.interval {
            show(now, since: start)
        }
        return count
    }

    private func show(_ now: Double, since start: Double) {
        lastShown = now
        let mebibyte = 1 << 20
        let done = file.readByteCount
        let rate = Int(Double(done) / (now - start)) / mebibyte
        var line = "\r\u{1B}[K\(verb) "
        if let total = file.byteCount, total > 0 {
            let filled = min(
                done * ProgressSource.barCharacterCount / total,
                ProgressSource.barCharacterCount
            )
            line += "[" + String(repeating: "#", count: filled)
            line += String(repeating: ".", count: ProgressSource.barCharacterCount - filled)
            line += "] \(min(done * 100 / total, 100)) %  \(rate) MiB/s"
            let left = Int(Double(max(total - done, 0)) * (now - start) / Double(max(done, 1)))
            line += "  \(left) s left"
        } else {
            line += "\(done / mebibyte) MiB  \(rate) MiB/s"
        }
        Report.write(Array(line.utf8), to: STDERR_FILENO)
    }

    private func clear() {
        guard lastShown > 0 else { return }
        lastShown = 0
        Report.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
    }

    private static func seconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
