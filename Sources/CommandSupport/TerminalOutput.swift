internal import CryptoCore
public import DurableFiles
internal import Glibc

/// Standard output on a terminal, which accepts only text.
public final class TerminalOutput: ByteSink {
    private let output = StandardOutput()
    private var last: UInt8 = 0

    /// Creates the sink.
    public init() {}

    /// Writes text; throws `CommandError` at the first control character, which could change the
    /// terminal.
    public func write(_ piece: RawSpan) throws {
        for index in 0..<piece.byteCount {
            let byte = piece.byte(at: index)
            let isText =
                byte >= 0x20 && byte != 0x7f || byte == 0x09 || byte == 0x0a || byte == 0x0d
            // U+0080 to U+009F are control characters, too: C2 80 to C2 9F in UTF-8.
            let isControl = last == 0xc2 && (0x80..<0xa0).contains(byte)
            last = byte
            guard isText, !isControl else {
                throw CommandError.usage(
                    "the output is binary, and standard output is a terminal",
                    hint: "add --out FILE"
                )
            }
        }
        try output.write(piece)
    }
}
