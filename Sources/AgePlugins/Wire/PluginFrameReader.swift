internal import CryptoCore
public import Failures
internal import Stanzas

/// Cuts bytes into messages.
///
/// Bytes may come in pieces of any length. It keeps at most one message, of bounded length, besides
/// the last piece.
public struct PluginFrameReader: ~Copyable {
    private let limits: PluginFrameLimits
    private var stanzas: StanzaReader
    private var piece = SecretBytes(count: 0) { _ in }
    private var position = 0
    private var frameCount = 0
    private var byteCount = 0

    /// Begins with the first message.
    public init(_ limits: PluginFrameLimits) {
        self.limits = limits
        stanzas = StanzaReader(
            StanzaLimits(
                lineByteCount: limits.headingByteCount,
                // Each argument has a byte and a space: only the length of the line counts.
                argumentCount: limits.headingByteCount,
                bodyByteCount: limits.bodyByteCount
            )
        )
    }

    /// Takes the next bytes, after `next` has returned `nil` for those before.
    public mutating func add(_ bytes: RawSpan) {
        precondition(position == piece.count)
        piece = SecretBytes(copying: bytes)
        byteCount += piece.count
        position = 0
    }

    /// The next message; `nil` where more bytes are needed.
    ///
    /// Throws `AgePluginError` for bytes that writing a message would not give, and for limits.
    public mutating func next() throws(AgePluginError) -> PluginFrame? {
        guard byteCount <= limits.totalByteCount else { throw AgePluginError.tooMuch }
        // A line at a time: a message counts even where the bytes after it are wrong.
        while position < piece.count {
            var end = position
            while end < piece.count, piece.bytes.byte(at: end) != UInt8(ascii: "\n") { end += 1 }
            end = min(end + 1, piece.count)
            let line = SecretBytes(copying: piece.bytes.extracting(position..<end))
            position = end
            if let stanza = try read(line.bytes) { return try frame(stanza) }
        }
        return nil
    }

    private mutating func read(_ line: RawSpan) throws(AgePluginError) -> Stanza? {
        do { return try stanzas.read(line).first } catch {
            switch error.code {
            case .malformedLine: throw AgePluginError.badHeading
            case .largeLine: throw AgePluginError.largeHeading
            case .malformedBody: throw AgePluginError.badBody
            case .largeBody: throw AgePluginError.largeBody
            }
        }
    }

    private mutating func frame(_ stanza: Stanza) throws(AgePluginError) -> PluginFrame {
        frameCount += 1
        guard frameCount <= limits.frameCount else { throw AgePluginError.tooMany }
        return PluginFrame(stanza.type, stanza.arguments, body: stanza.body.secret())
    }
}
