internal import CryptoCore
internal import PluginProcess

/// The lines that a program of GnuPG writes to its standard output (Assuan protocol, § 2.2), in
/// cleansed memory.
struct AssuanLines: ~Copyable {
    private static let largestByteCount = 64 << 10
    private static let waitingTime = Duration.seconds(300)

    private let process: PluginProcess
    private var waiting = SecretBytes(count: 0) { _ in }

    init(_ process: PluginProcess) { self.process = process }

    /// Returns the next line without its end.
    ///
    /// Throws `PluginProcessError` if the program is silent for five minutes, and `CommandError` if it
    /// ends or writes too much.
    mutating func next() throws -> SecretBytes {
        while true {
            let count = waiting.count
            for index in 0..<count where waiting.bytes.byte(at: index) == UInt8(ascii: "\n") {
                let line = SecretBytes(copying: waiting.bytes.extracting(0..<index))
                waiting = SecretBytes(copying: waiting.bytes.extracting(index + 1..<count))
                return line
            }
            let piece = try process.read(within: AssuanLines.waitingTime)
            guard piece.count > 0, count + piece.count <= AssuanLines.largestByteCount else {
                throw CommandError.passphraseSource("\(process.name) gave no answer")
            }
            let before = SecretBytes(copying: waiting.bytes)
            waiting = SecretBytes(count: count + piece.count) { view in
                view.copy(before.bytes, to: 0)
                view.copy(piece.bytes, to: count)
            }
        }
    }
}
