internal import CryptoCore
public import Failures

/// Makes stanzas of bytes that arrive in pieces: a value without I/O.
///
/// Everything that was read is in memory that is cleansed. The memory is bounded by the limits.
public struct StanzaReader: ~Copyable {
    private let limits: StanzaLimits
    private var line: SecretBuffer
    private var lineByteCount = 0
    /// The words of the stanza whose body is being read.
    private var words: [String]?
    private var body: SecretBuffer
    private var bodyByteCount = 0

    private static let firstBodyByteCount = 1 << 10
    private static let lineBodyByteCount = Stanza.lineCharacterCount / 4 * 3

    /// Begins before the first stanza.
    public init(_ limits: StanzaLimits) {
        self.limits = limits
        line = SecretBuffer(count: limits.lineByteCount)
        body = SecretBuffer(count: StanzaReader.firstBodyByteCount)
    }

    /// Whether everything that was read belongs to complete stanzas.
    public var isBetweenStanzas: Bool { words == nil && lineByteCount == 0 }

    /// Takes the next bytes, and returns the stanzas that they complete.
    ///
    /// Throws `StanzaError` if the bytes are not stanzas or exceed a limit; then the reader must not
    /// be used any more.
    public mutating func read(_ bytes: RawSpan) throws(StanzaError) -> [Stanza] {
        var stanzas: [Stanza] = []
        var start = 0
        while start < bytes.byteCount {
            var end = start
            while end < bytes.byteCount, bytes.byte(at: end) != StanzaBase64.lineFeed { end += 1 }
            try append(bytes.extracting(start..<end))
            guard end < bytes.byteCount else { break }
            if let stanza = try endLine() { stanzas.append(stanza) }
            start = end + 1
        }
        return stanzas
    }

    private mutating func append(_ part: RawSpan) throws(StanzaError) {
        let isFirst = words == nil
        let limit = isFirst ? limits.lineByteCount : Stanza.lineCharacterCount
        guard part.byteCount <= limit - lineByteCount else {
            let message = "a line is longer than \(limit) bytes"
            throw StanzaError(isFirst ? .largeLine : .malformedBody, message)
        }
        line.withMutableBytes(lineByteCount..<(lineByteCount + part.byteCount)) {
            $0.copy(part, to: 0)
        }
        lineByteCount += part.byteCount
        if isFirst { try requireMark() }
    }

    /// Refuses a line that cannot begin a stanza at once: its sender may never end it.
    private func requireMark() throws(StanzaError) {
        let mark = Array("\(Stanza.mark) ".utf8)
        for index in 0..<min(lineByteCount, mark.count)
        where line.bytes.byte(at: index) != mark[index] { throw StanzaReader.noStanza }
    }

    private static let noStanza = StanzaError(.malformedLine, "a line does not begin a frame")

    private mutating func endLine() throws(StanzaError) -> Stanza? {
        guard let words else {
            self.words = try firstLine()
            lineByteCount = 0
            return nil
        }
        try appendToBody()
        let isLast = lineByteCount < Stanza.lineCharacterCount
        lineByteCount = 0
        guard isLast else { return nil }
        let content = body.withBytes(0..<bodyByteCount) { StanzaBody($0) }
        // A large secret does not stay in memory until the next one.
        body = SecretBuffer(count: StanzaReader.firstBodyByteCount)
        bodyByteCount = 0
        self.words = nil
        return Stanza(words[0], Array(words.dropFirst()), body: content)
    }

    private func firstLine() throws(StanzaError) -> [String] {
        let text = line.withBytes(0..<lineByteCount) { bytes in
            // SAFETY: the bytes are copied while they are borrowed.
            unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        }
        let words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count >= 2, words[0] == Stanza.mark, words.allSatisfy(Stanza.isArgument) else {
            throw StanzaReader.noStanza
        }
        guard words.count - 1 <= limits.argumentCount else {
            let message = "a frame has more than \(limits.argumentCount) arguments"
            throw StanzaError(.largeLine, message)
        }
        return Array(words.dropFirst())
    }

    private mutating func appendToBody() throws(StanzaError) {
        let count = lineByteCount * 3 / 4
        guard count <= limits.bodyByteCount - bodyByteCount else {
            let message = "a body is larger than \(limits.bodyByteCount) bytes"
            throw StanzaError(.largeBody, message)
        }
        if bodyByteCount + StanzaReader.lineBodyByteCount > body.count {
            var grown = SecretBuffer(count: body.count * 2)
            let part = bodyByteCount
            body.withBytes(0..<part) { bytes in
                grown.withMutableBytes(0..<part) { $0.copy(bytes, to: 0) }
            }
            body = grown
        }
        let start = bodyByteCount
        let lineByteCount = lineByteCount
        let isCanonical = line.withBytes(0..<lineByteCount) { line in
            body.withMutableBytes(start..<(start + count)) { StanzaBase64.decode(line, into: &$0) }
        }
        guard isCanonical else {
            throw StanzaError(.malformedBody, "a body is not canonical base64")
        }
        bodyByteCount += count
    }
}
