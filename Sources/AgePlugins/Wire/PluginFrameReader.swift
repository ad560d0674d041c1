internal import CryptoCore

/// Cuts bytes into messages.
///
/// Bytes may come in pieces of any length. It keeps at most one message, of bounded length, besides
/// the last piece.
public struct PluginFrameReader: ~Copyable {
    private static let lineCharacterCount = 64

    private let limits: PluginFrameLimits
    private let largestBodyCharacterCount: Int
    private var piece = SecretBytes(count: 0) { _ in }
    private var position = 0
    private var frameCount = 0
    private var byteCount = 0
    private var heading: [UInt8] = []
    private var hasHeading = false
    // Larger than the body by one line, which shows that it is too large.
    private var body: SecretBuffer
    private var bodyCount = 0
    private var lineCount = 0

    /// Begins with the first message.
    public init(_ limits: PluginFrameLimits) {
        self.limits = limits
        largestBodyCharacterCount = (limits.bodyByteCount * 4 + 2) / 3
        body = SecretBuffer(
            count: largestBodyCharacterCount + PluginFrameReader.lineCharacterCount + 1
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
        while position < piece.count {
            let character = piece.bytes.byte(at: position)
            position += 1
            guard hasHeading else {
                try readHeading(character)
                continue
            }
            guard character == UInt8(ascii: "\n") else {
                try readBody(character)
                continue
            }
            let isLast = lineCount < PluginFrameReader.lineCharacterCount
            lineCount = 0
            if isLast { return try frame() }
        }
        return nil
    }

    private mutating func readHeading(_ character: UInt8) throws(AgePluginError) {
        let mark = Array("-> ".utf8)
        if character == UInt8(ascii: "\n") {
            guard heading.count > mark.count else { throw AgePluginError.badHeading }
            hasHeading = true
            return
        }
        guard (32...126).contains(character) else { throw AgePluginError.badHeading }
        guard heading.count < limits.headingByteCount else {
            throw AgePluginError.largeHeading
        }
        heading.append(character)
        // Said at once, also of a program that prints something else without end.
        guard heading.count > mark.count || mark.starts(with: heading) else {
            throw AgePluginError.badHeading
        }
    }

    private mutating func readBody(_ character: UInt8) throws(AgePluginError) {
        lineCount += 1
        guard lineCount <= PluginFrameReader.lineCharacterCount else {
            throw AgePluginError.badBody
        }
        guard bodyCount < largestBodyCharacterCount else {
            throw AgePluginError.largeBody
        }
        body.withMutableBytes(bodyCount..<(bodyCount + 1)) {
            $0.storeBytes(of: character, toByteOffset: 0, as: UInt8.self)
        }
        bodyCount += 1
    }

    private mutating func frame() throws(AgePluginError) -> PluginFrame {
        let words = heading.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count >= 2, words[0].elementsEqual("->".utf8),
            !words.contains(where: \.isEmpty)
        else { throw AgePluginError.badHeading }
        let bytes = body.withBytes(0..<bodyCount) { SecretBase64.decodeUnpadded($0) }
        guard let bytes else { throw AgePluginError.badBody }
        frameCount += 1
        guard frameCount <= limits.frameCount else { throw AgePluginError.tooMany }
        hasHeading = false
        heading = []
        bodyCount = 0
        let texts = words.dropFirst().map { String(decoding: $0, as: UTF8.self) }
        return PluginFrame(texts[0], Array(texts.dropFirst()), body: bytes)
    }
}
