public import CryptoCore

/// A file's header: its stanzas, and a MAC over them whose key is derived from the file key.
public struct AgeHeader: Sendable {
    /// The first line of each header.
    static let versionLine = "age-encryption.org/v1"
    private static let macInfo = Array("header".utf8)
    private static let macMark = "---"
    /// The largest header that is read, in bytes.
    ///
    /// It has room for `largestStanzaCount` recipients of the kind with the largest stanzas.
    public static let largestByteCount = 2 << 20
    /// The most recipients of a file.
    public static let largestStanzaCount = 1_000
    /// The length of a file key, in bytes.
    public static let fileKeyByteCount = 16

    /// The stanzas, each with the file key wrapped for one recipient.
    public let stanzas: [AgeStanza]
    /// The MAC over the header before it.
    let mac: [UInt8]
    /// Whether the file is encrypted with a passphrase.
    public var isForPassphrase: Bool { stanzas.first?.type == AgeScrypt.type }

    /// Makes the header of a file key, with its MAC.
    public init(_ stanzas: [AgeStanza], fileKey: RawSpan) throws(CryptoError) {
        self.stanzas = stanzas
        mac = try AgeHeader.mac(over: AgeHeader.signedBytes(stanzas), fileKey: fileKey)
    }

    /// Throws `AgeError` if the header's MAC does not verify with this file key.
    public func require(fileKey: RawSpan) throws {
        let expected = try AgeHeader.mac(
            over: AgeHeader.signedBytes(stanzas),
            fileKey: fileKey
        )
        guard constantTimeEquals(expected.borrowedBytes, mac.borrowedBytes) else {
            throw AgeError.headerMAC
        }
    }

    /// The header's bytes at the start of a file.
    public var encoded: [UInt8] {
        AgeHeader.signedBytes(stanzas) + Array(" \(Base64.encode(mac, padded: false))\n".utf8)
    }

    private static func signedBytes(_ stanzas: [AgeStanza]) -> [UInt8] {
        Array((versionLine + "\n").utf8) + stanzas.flatMap(\.encoded) + Array(macMark.utf8)
    }

    private static func mac(over text: [UInt8], fileKey: RawSpan) throws(CryptoError) -> [UInt8] {
        let key = try HKDF.derive(from: fileKey, info: macInfo, count: HMACSHA256.byteCount)
        return try HMACSHA256.tag(of: text.borrowedBytes, key: key.bytes)
    }

    private init(parsed stanzas: [AgeStanza], mac: [UInt8]) {
        self.stanzas = stanzas
        self.mac = mac
    }
}

// MARK: Parsing

extension AgeHeader {
    /// Parses the header at the start of `bytes`; returns it with its length, or `nil` if more
    /// bytes are needed.
    ///
    /// Throws `AgeError` unless encoding the header again gives exactly the same bytes.
    public static func parse(
        _ bytes: [UInt8]
    ) throws(AgeError) -> (header: AgeHeader, byteCount: Int)? {
        let version = Array((versionLine + "\n").utf8)
        guard bytes.starts(with: version.prefix(bytes.count)) else { throw AgeError.notAge }
        var lines = HeaderLines(bytes, from: min(version.count, bytes.count))
        var stanzas: [AgeStanza] = []
        while let line = try lines.next() {
            if line.starts(with: Array(macMark.utf8)) {
                let mac = Base64.decode(Array(line.dropFirst(macMark.count + 1)), padded: false)
                guard line.dropFirst(macMark.count).first == UInt8(ascii: " "), let mac,
                    mac.count == HMACSHA256.byteCount, !stanzas.isEmpty
                else { throw AgeError.header("its last line is damaged") }
                return (AgeHeader(parsed: stanzas, mac: mac), lines.position)
            }
            guard let (type, arguments) = stanzaLine(line) else {
                throw AgeError.header("a stanza does not begin as stanzas do")
            }
            guard let body = try body(&lines) else { break }
            stanzas.append(AgeStanza(type: type, arguments: arguments, body: body))
            // Each stanza may cost an RSA operation.
            guard stanzas.count <= largestStanzaCount else {
                throw AgeError.header("it has more than \(largestStanzaCount) recipients")
            }
        }
        return nil
    }

    /// Returns whether the end of a header's last line may be in the bytes from `start` on.
    static func mayEnd(_ bytes: [UInt8], from start: Int) -> Bool {
        // The last line has a mark, a space and the MAC in base64. Most of it may come before
        // `start`.
        let lastLineByteCount = 64
        let mark = Array(("\n" + macMark + " ").utf8)
        let tail = bytes[max(0, start - lastLineByteCount)...]
        return tail.indices.contains { tail[$0...].starts(with: mark) }
    }

    private static func stanzaLine(_ line: ArraySlice<UInt8>) -> (String, [String])? {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count >= 2, words[0].elementsEqual("->".utf8) else { return nil }
        // Each word has one or more visible ASCII characters.
        guard words.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (33...126).contains($0) } })
        else { return nil }
        let texts = words.dropFirst().map { String(decoding: $0, as: UTF8.self) }
        return (texts[0], Array(texts.dropFirst()))
    }

    private static func body(_ lines: inout HeaderLines) throws(AgeError) -> [UInt8]? {
        var characters: [UInt8] = []
        while let line = try lines.next() {
            guard line.count <= AgeStanza.lineCharacterCount else {
                throw AgeError.header("a line of a stanza is too long")
            }
            // With a space, the line could look like the last line of a header, and each piece
            // would be parsed again.
            guard !line.contains(UInt8(ascii: " ")) else {
                throw AgeError.header("the body of a stanza is not base64")
            }
            characters += line
            guard line.count == AgeStanza.lineCharacterCount else {
                guard let body = Base64.decode(characters, padded: false) else {
                    throw AgeError.header("the body of a stanza is not base64")
                }
                return body
            }
        }
        return nil
    }
}
