internal import CryptoCore

extension PEM {
    /// The escapes with which JSON strings and environment variables write a block's characters.
    private static let escapes: [(written: [UInt8], meant: [UInt8])] = [
        (Array("\\r".utf8), []), (Array("\\n".utf8), Array("\n".utf8)),
        (Array("\\/".utf8), Array("/".utf8)), (Array("\\u002b".utf8), Array("+".utf8)),
        (Array("\\u002B".utf8), Array("+".utf8)), (Array("\\u003d".utf8), Array("=".utf8)),
        (Array("\\u003D".utf8), Array("=".utf8)),
    ]
    private static let escapedBegin = Array("-----BEGIN ".utf8)
    private static let escapedEnd = Array("-----END ".utf8)
    private static let largestBoundaryByteCount = 100

    /// A piece of a text in which escaped line ends become real ones.
    private enum Piece {
        /// A range of the text, unchanged.
        case copied(Range<Int>)
        /// A character that was written as an escape.
        case meant(UInt8)
        /// A line end before or after a block.
        case added
    }

    /// Returns a text with real line ends in place of escaped ones (`\n` in two characters).
    ///
    /// Returns `nil` if no block is written on one line. Text around such a block, for example a
    /// quote or a variable's name, gets separate lines.
    static func unescaped(_ text: RawSpan) -> SecretBytes? {
        guard escapedBlock(text, from: 0) != nil else { return nil }
        // A block gains two line ends and loses at least one character.
        let largest = text.byteCount + text.byteCount / escapedBegin.count + 2
        var count = 0
        let lines = SecretBytes(count: largest) { view in
            func append(_ byte: UInt8) {
                view.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
                count += 1
            }
            walk(text) { piece in
                switch piece {
                case .copied(let range):
                    view.copy(text.extracting(range), to: count)
                    count += range.count
                case .meant(let byte): append(byte)
                case .added: append(UInt8(ascii: "\n"))
                }
            }
        }
        return SecretBytes(copying: lines.bytes.extracting(first: count))
    }

    /// Returns the number of a line in the original text, given its number after `unescaped`; both
    /// from 1.
    static func originalLine(_ number: Int, of text: RawSpan) -> Int {
        let lineEnd = UInt8(ascii: "\n")
        var made = 1
        var original = 1
        var answer: Int?
        walk(text) { piece in
            guard answer == nil else { return }
            switch piece {
            case .copied(let range):
                for index in range where text.byte(at: index) == lineEnd && answer == nil {
                    if made == number { answer = original }
                    made += 1
                    original += 1
                }
            case .meant(let byte) where byte != lineEnd: break
            case .meant, .added:
                if made == number { answer = original }
                made += 1
            }
        }
        return answer ?? original
    }

    /// Calls `take` with the pieces of a text, in their order.
    private static func walk(_ text: RawSpan, _ take: (Piece) -> Void) {
        var position = 0
        var next = escapedBlock(text, from: 0)
        while let begin = next {
            take(.copied(position..<begin.lowerBound))
            take(.added)
            take(.copied(begin))
            position = begin.upperBound
            while position < text.byteCount {
                if let end = boundary(text, at: position, escapedEnd) {
                    take(.copied(end))
                    take(.added)
                    position = end.upperBound
                    break
                }
                if let escape = escape(text, at: position) {
                    for byte in escape.meant { take(.meant(byte)) }
                    position += escape.written.count
                } else {
                    take(.copied(position..<(position + 1)))
                    position += 1
                }
            }
            next = escapedBlock(text, from: position)
        }
        take(.copied(position..<text.byteCount))
    }

    /// Returns the range of the next BEGIN that an escaped line end follows.
    private static func escapedBlock(_ text: RawSpan, from start: Int) -> Range<Int>? {
        var position = start
        while position < text.byteCount {
            if let begin = boundary(text, at: position, escapedBegin) {
                let isEscaped = escape(text, at: begin.upperBound)?.written.last
                if isEscaped == UInt8(ascii: "n") || isEscaped == UInt8(ascii: "r") { return begin }
                position = begin.upperBound
            } else {
                position += 1
            }
        }
        return nil
    }

    private static func escape(
        _ text: RawSpan,
        at position: Int
    ) -> (written: [UInt8], meant: [UInt8])? {
        guard position < text.byteCount, text.byte(at: position) == UInt8(ascii: "\\") else {
            return nil
        }
        return escapes.first {
            starts(text, position..<text.byteCount, with: $0.written)
        }
    }

    /// Returns the range of a boundary that begins here, up to its last dash.
    private static func boundary(
        _ text: RawSpan,
        at position: Int,
        _ prefix: [UInt8]
    ) -> Range<Int>? {
        guard text.byte(at: position) == UInt8(ascii: "-"),
            starts(text, position..<text.byteCount, with: prefix)
        else { return nil }
        var end = position + prefix.count
        let limit = min(position + largestBoundaryByteCount, text.byteCount)
        while end < limit, isLabelCharacter(text.byte(at: end)) { end += 1 }
        guard starts(text, end..<text.byteCount, with: Array("-----".utf8)) else { return nil }
        return position..<(end + 5)
    }

    private static func isLabelCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: " "):
            true
        default: false
        }
    }
}
