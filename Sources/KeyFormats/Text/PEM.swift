public import CryptoCore

/// Textual encoding of keys (RFC 7468).
public enum PEM {
    /// Characters a line, unless a format has its own way (§ 2).
    public static let lineCharacterCount = 64
    private static let largestHeaderByteCount = 1024

    /// A public key file: SubjectPublicKeyInfo in PEM (RFC 7468 § 13).
    public static func publicKey(_ spkiDER: [UInt8]) -> [UInt8] {
        Array(encode(spkiDER, label: "PUBLIC KEY").utf8)
    }

    /// Public bytes between labelled lines, 64 characters a line.
    public static func encode(
        _ bytes: [UInt8],
        label: String,
        lineCharacterCount: Int = lineCharacterCount
    ) -> String {
        var text = "-----BEGIN \(label)-----\n"
        let characters = Array(Base64.encode(bytes).utf8)
        for start in stride(from: 0, to: characters.count, by: lineCharacterCount) {
            let end = min(start + lineCharacterCount, characters.count)
            text += String(decoding: characters[start..<end], as: UTF8.self) + "\n"
        }
        return text + "-----END \(label)-----\n"
    }

    /// Secret bytes between labelled lines, in memory that is cleansed.
    public static func encode(
        secret bytes: RawSpan,
        label: String,
        lineCharacterCount: Int = lineCharacterCount
    ) -> SecretBytes {
        let body = SecretBase64.encode(bytes)
        let head = Array("-----BEGIN \(label)-----\n".utf8)
        let tail = Array("-----END \(label)-----\n".utf8)
        let lineCount = (body.count + lineCharacterCount - 1) / lineCharacterCount
        return SecretBytes(count: head.count + body.count + lineCount + tail.count) { view in
            var position = 0
            func append(_ byte: UInt8) {
                view.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
                position += 1
            }
            for item in head { append(item) }
            for index in 0..<body.count {
                // SAFETY: the index lies within the body.
                append(unsafe body.bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
                if (index + 1).isMultiple(of: lineCharacterCount) || index + 1 == body.count {
                    append(UInt8(ascii: "\n"))
                }
            }
            for item in tail { append(item) }
        }
    }

    /// Where a labelled block stands in a text: its label and the range of its base64 lines.
    struct Block {
        let label: String
        let body: Range<Int>
    }

    /// The one block of a text that holds nothing else but white space.
    ///
    /// `nil` where the text does not begin with a block; throws where it is broken, or where
    /// anything follows it.
    static func block(in text: RawSpan) throws(KeyFormatError) -> Block? {
        var position = 0
        while position < text.byteCount, isSpace(byte(text, position)) { position += 1 }
        guard let begin = line(text, from: position),
            let label = boundaryLabel(text, begin, "-----BEGIN ")
        else { return nil }
        let start = begin.upperBound + 1
        position = start
        while let next = line(text, from: position) {
            if let end = boundaryLabel(text, next, "-----END ") {
                guard end == label else { throw KeyFormatError.damaged("PEM text") }
                for rest in next.upperBound..<text.byteCount where !isSpace(byte(text, rest)) {
                    throw KeyFormatError.damaged("PEM text: something follows its end")
                }
                return Block(label: label, body: start..<position)
            }
            position = next.upperBound + 1
        }
        throw KeyFormatError.damaged("PEM text: its END line is missing")
    }

    /// The bytes of a block's base64 lines, in memory that is cleansed.
    static func bytes(of block: Block, in text: RawSpan) throws(KeyFormatError) -> SecretBytes {
        var count = 0
        for index in block.body where !isSpace(byte(text, index)) { count += 1 }
        let characters = SecretBytes(count: count) { view in
            var position = 0
            for index in block.body where !isSpace(byte(text, index)) {
                view.storeBytes(of: byte(text, index), toByteOffset: position, as: UInt8.self)
                position += 1
            }
        }
        do { return try SecretBase64.decode(characters.bytes) } catch {
            throw KeyFormatError.damaged("PEM text")
        }
    }

    /// The label of the block that a text begins with; `nil` where it begins with none.
    public static func label(of text: RawSpan) -> String? {
        var position = 0
        while position < text.byteCount, isSpace(byte(text, position)) { position += 1 }
        guard position < text.byteCount, byte(text, position) == UInt8(ascii: "-"),
            let begin = line(text, from: position)
        else { return nil }
        return boundaryLabel(text, begin, "-----BEGIN ")
    }

    /// The bytes of a text's one block, which must have this label.
    public static func decode(
        _ text: RawSpan,
        label: String
    ) throws(KeyFormatError) -> SecretBytes {
        guard let block = try block(in: text), block.label == label else {
            throw KeyFormatError.damaged("PEM text")
        }
        return try bytes(of: block, in: text)
    }

    /// The bytes of a text's one block, in memory that is cleansed.
    static func onlyBytes(in text: RawSpan) throws(KeyFormatError) -> SecretBytes {
        guard let block = try block(in: text) else { throw KeyFormatError.damaged("PEM text") }
        return try bytes(of: block, in: text)
    }

    /// The headers of a text's block (RFC 1421 § 4.6), and the bytes after them.
    ///
    /// `nil` where it has none; throws for broken ones, and for more than a kibibyte.
    static func headers(
        of text: RawSpan
    ) throws(KeyFormatError) -> (fields: [String: String], body: [UInt8])? {
        guard let block = try block(in: text),
            block.body.contains(where: { byte(text, $0) == 0x3a })
        else { return nil }
        var fields: [String: String] = [:]
        var position = block.body.lowerBound
        while let line = line(text, from: position), line.lowerBound < block.body.upperBound {
            position = line.upperBound + 1
            let characters = line.map { byte(text, $0) }.filter { $0 != 0x0d }
            guard line.upperBound - block.body.lowerBound <= largestHeaderByteCount else { break }
            guard !characters.isEmpty else {
                // Without this header what follows is no ciphertext, but perhaps a key.
                guard fields["Proc-Type"] == "4,ENCRYPTED" else { break }
                let rest = Block(label: block.label, body: position..<block.body.upperBound)
                return (fields, try bytes(of: rest, in: text).publicBytes)
            }
            let parts = String(decoding: characters, as: UTF8.self)
                .split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { break }
            fields[String(parts[0])] = String(parts[1].drop(while: \.isWhitespace))
        }
        throw KeyFormatError.damaged("PEM text")
    }

    private static func byte(_ text: RawSpan, _ index: Int) -> UInt8 {
        // SAFETY: callers stay within the span.
        unsafe text.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\t")
    }

    private static func line(_ text: RawSpan, from start: Int) -> Range<Int>? {
        guard start < text.byteCount else { return nil }
        var end = start
        while end < text.byteCount, byte(text, end) != UInt8(ascii: "\n") { end += 1 }
        return start..<end
    }

    private static func boundaryLabel(
        _ text: RawSpan,
        _ line: Range<Int>,
        _ prefix: String
    ) -> String? {
        let start = Array(prefix.utf8)
        guard line.count <= 100 else { return nil }
        var characters = line.map { byte(text, $0) }
        while let last = characters.last, isSpace(last) { characters.removeLast() }
        guard characters.starts(with: start), characters.suffix(5) == Array("-----".utf8)[...],
            characters.count >= start.count + 5
        else { return nil }
        return String(decoding: characters.dropFirst(start.count).dropLast(5), as: UTF8.self)
    }
}
