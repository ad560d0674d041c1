public import CryptoCore

/// The textual encoding of keys (RFC 7468).
public enum PEM {
    /// The number of characters in a line, for most formats (§ 2).
    public static let lineCharacterCount = 64
    private static let largestHeaderByteCount = 1024

    /// Returns a public key file: SubjectPublicKeyInfo in PEM (RFC 7468 § 13).
    public static func publicKey(_ spkiDER: [UInt8]) -> [UInt8] {
        Array(encode(spkiDER, label: "PUBLIC KEY").utf8)
    }

    /// Returns public bytes between boundary lines, 64 characters a line.
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

    /// Returns secret bytes between boundary lines, in memory that is cleansed.
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
                append(body.bytes.byte(at: index))
                if (index + 1).isMultiple(of: lineCharacterCount) || index + 1 == body.count {
                    append(UInt8(ascii: "\n"))
                }
            }
            for item in tail { append(item) }
        }
    }

    /// Returns the bytes of a block's base64 lines, in memory that is cleansed.
    ///
    /// Throws `KeyFormatError` if they are not base64.
    static func bytes(of block: Block, in text: RawSpan) throws(KeyFormatError) -> SecretBytes {
        var count = 0
        for index in block.body where !isSpace(text.byte(at: index)) { count += 1 }
        let characters = SecretBytes(count: count) { view in
            var position = 0
            for index in block.body where !isSpace(text.byte(at: index)) {
                view.storeBytes(of: text.byte(at: index), toByteOffset: position, as: UInt8.self)
                position += 1
            }
        }
        do { return try SecretBase64.decode(characters.bytes) } catch {
            throw KeyFormatError.blockIsNotBase64(block.label)
        }
    }

    /// Returns the bytes of a text's one block; throws `KeyFormatError` unless it has this label.
    public static func decode(
        _ text: RawSpan,
        label: String
    ) throws(KeyFormatError) -> SecretBytes {
        guard let block = try block(in: text), block.label == label else {
            throw KeyFormatError.blockIsMissing(label)
        }
        return try bytes(of: block, in: text)
    }

    /// Returns the bytes of a text's one block; throws `KeyFormatError` if there is none.
    static func onlyBytes(in text: RawSpan) throws(KeyFormatError) -> SecretBytes {
        guard let block = try block(in: text) else { throw KeyFormatError.damaged("PEM text") }
        return try bytes(of: block, in: text)
    }

    /// Returns the headers of a text's block (RFC 1421 § 4.6), and the bytes after them.
    ///
    /// Returns `nil` if the block has no headers. Throws `KeyFormatError` if they are broken or
    /// larger than 1 KiB.
    static func headers(
        of text: RawSpan
    ) throws(KeyFormatError) -> (fields: [String: String], body: [UInt8])? {
        guard let block = try block(in: text),
            block.body.contains(where: { text.byte(at: $0) == 0x3a })
        else { return nil }
        var fields: [String: String] = [:]
        var position = block.body.lowerBound
        while let line = line(text, from: position), line.lowerBound < block.body.upperBound {
            position = line.upperBound + 1
            let characters = line.map { text.byte(at: $0) }.filter { $0 != 0x0d }
            guard line.upperBound - block.body.lowerBound <= largestHeaderByteCount else { break }
            guard !characters.allSatisfy(isSpace) else {
                // Without this header, the following bytes are no ciphertext; they may be a key.
                guard fields["Proc-Type"] == "4,ENCRYPTED" else { break }
                var rest = block
                rest.body = position..<block.body.upperBound
                return (fields, try bytes(of: rest, in: text).publicBytes)
            }
            let parts = String(decoding: characters, as: UTF8.self)
                .split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { break }
            fields[String(parts[0].drop(while: \.isWhitespace))] =
                String(parts[1].drop(while: \.isWhitespace))
        }
        throw KeyFormatError.blockHeadersAreDamaged(block.label)
    }
}
