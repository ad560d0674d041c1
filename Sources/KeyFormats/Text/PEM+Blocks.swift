internal import CryptoCore

extension PEM {
    /// The position of a labelled block in a text.
    struct Block {
        /// The text between `BEGIN` and the dashes.
        let label: String
        /// The number of its first line, from 1.
        let lineNumber: Int
        /// The range of the block with its boundary lines.
        let whole: Range<Int>
        /// The range of its base64 lines.
        var body: Range<Int>
    }

    /// The largest number of blocks in one text: a system's trust store has some 200 certificates.
    static let largestBlockCount = 1_000
    /// The longest boundary line, without white space around it, in bytes.
    private static let largestBoundaryByteCount = 100
    private static let dashes = Array("-----".utf8)
    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)

    /// Returns every block of a text, in their order.
    ///
    /// Text outside of blocks is a comment and is ignored (RFC 7468 § 2). White space may precede a
    /// line.
    ///
    /// Throws `KeyFormatError` if a block is broken, or if a boundary line is out of place: two
    /// readers could find two different keys there. `numbering` turns a line's number in this text
    /// into the number for the message.
    static func blocks(
        in text: RawSpan,
        numbering: (Int) -> Int = { $0 }
    ) throws(KeyFormatError) -> [Block] {
        var blocks: [Block] = []
        var open: (label: String, lineNumber: Int, start: Int, body: Int)?
        var position = 0
        var lineNumber = 0
        var misplacedBegin: Int?
        while let line = line(text, from: position) {
            defer { position = line.upperBound + 1 }
            lineNumber += 1
            let content = trimmed(text, line)
            guard starts(text, content, with: dashes) else {
                if open == nil, text.extracting(content).contains(begin) {
                    misplacedBegin = lineNumber
                }
                continue
            }
            if let opened = open {
                if starts(text, content, with: begin) {
                    throw KeyFormatError.blockInBlock(opened.label, line: numbering(lineNumber))
                }
                guard starts(text, content, with: end) else { continue }
                guard label(text, content, after: end) == opened.label else {
                    throw KeyFormatError.blockEndDiffers(opened.label, line: numbering(lineNumber))
                }
                blocks.append(
                    Block(
                        label: opened.label,
                        lineNumber: opened.lineNumber,
                        whole: opened.start..<content.upperBound,
                        body: opened.body..<line.lowerBound
                    )
                )
                open = nil
            } else if starts(text, content, with: begin) {
                guard blocks.count < largestBlockCount else { throw KeyFormatError.tooManyBlocks }
                guard let label = label(text, content, after: begin) else {
                    throw KeyFormatError.blockBeginIsDamaged(line: numbering(lineNumber))
                }
                open = (
                    label, lineNumber, content.lowerBound, min(line.upperBound + 1, text.byteCount)
                )
            } else if starts(text, content, with: end) {
                if let line = misplacedBegin {
                    throw KeyFormatError.blockBeginIsMisplaced(line: numbering(line))
                }
                throw KeyFormatError.blockBeginIsMissing(line: numbering(lineNumber))
            }
        }
        if let opened = open {
            throw KeyFormatError.blockEndIsMissing(opened.label, line: numbering(opened.lineNumber))
        }
        return blocks
    }

    /// Returns the one block of a text that holds nothing else but white space.
    ///
    /// Returns `nil` if the text does not begin with a block. Throws `KeyFormatError` if the block
    /// is broken or text follows it.
    static func block(in text: RawSpan) throws(KeyFormatError) -> Block? {
        guard label(of: text) != nil else { return nil }
        let blocks = try blocks(in: text)
        guard let only = blocks.first else { return nil }
        for index in only.whole.upperBound..<text.byteCount where !isSpace(text.byte(at: index)) {
            throw KeyFormatError.textFollowsBlock(only.label)
        }
        return only
    }

    /// Returns the label of the block with which a text begins; `nil` if it begins with none.
    public static func label(of text: RawSpan) -> String? {
        var position = 0
        while position < text.byteCount, isSpace(text.byte(at: position)) { position += 1 }
        guard let line = line(text, from: position) else { return nil }
        return label(text, trimmed(text, line), after: begin)
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\t")
    }

    static func line(_ text: RawSpan, from start: Int) -> Range<Int>? {
        guard start < text.byteCount else { return nil }
        var end = start
        while end < text.byteCount, text.byte(at: end) != UInt8(ascii: "\n") { end += 1 }
        return start..<end
    }

    static func trimmed(_ text: RawSpan, _ line: Range<Int>) -> Range<Int> {
        var start = line.lowerBound
        var end = line.upperBound
        while start < end, isSpace(text.byte(at: start)) { start += 1 }
        while end > start, isSpace(text.byte(at: end - 1)) { end -= 1 }
        return start..<end
    }

    /// Returns whether a range begins with a prefix.
    static func starts(_ text: RawSpan, _ range: Range<Int>, with prefix: [UInt8]) -> Bool {
        guard range.count >= prefix.count else { return false }
        for (index, expected) in prefix.enumerated()
        where text.byte(at: range.lowerBound + index) != expected {
            return false
        }
        return true
    }

    /// Returns the label of a boundary line; `nil` for other lines.
    private static func label(
        _ text: RawSpan,
        _ line: Range<Int>,
        after prefix: [UInt8]
    ) -> String? {
        let ending = line.upperBound - dashes.count
        guard line.count <= largestBoundaryByteCount, line.count >= prefix.count + dashes.count,
            starts(text, line, with: prefix),
            starts(text, ending..<line.upperBound, with: dashes)
        else { return nil }
        let label = (line.lowerBound + prefix.count..<ending).map { text.byte(at: $0) }
        return String(decoding: label, as: UTF8.self)
    }
}
