internal import CryptoCore
internal import Failures

/// The table of key formats.
public enum KeyFormats {
    /// The largest file that is read, in bytes: 16 MiB.
    public static let largestByteCount = 16 << 20

    /// All formats, in the order in which they are tried.
    public static let all: [any KeyFormat] = [
        SubjectPublicKeyInfo(isPEM: true), SubjectPublicKeyInfo(isPEM: false),
        PKCS1(isPEM: true), PKCS1(isPEM: false), PKCS8(isPEM: true), PKCS8(isPEM: false),
        OpenSSHLine(), OpenSSHPrivateKey(), RFC4716(), JSONWebKey(), JSONWebKeySet(),
        PKCS12File(), Certificate(isPEM: true), Certificate(isPEM: false),
        SigningRequest(isPEM: true), SigningRequest(isPEM: false), AuthorizedKeys(),
        AllowedSigners(),
    ]

    /// Returns the format with this id.
    public static func named(_ id: String) -> (any KeyFormat)? { all.first { $0.id == id } }

    /// Reads the keys in bytes of any format.
    ///
    /// Throws `KeyFormatError` if no format fits, and the format's error if the bytes are broken.
    public static func decode(_ bytes: RawSpan) throws -> KeyFile {
        guard bytes.byteCount <= largestByteCount else { throw KeyFormatError.tooLarge }
        // A byte order mark, which editors on Windows write (RFC 3629 § 6).
        let hasMark = bytes.starts(with: byteOrderMark)
        let text = bytes.extracting(droppingFirst: hasMark ? byteOrderMark.count : 0)
        guard mayBePEM(text), try !isStructured(text) else { return try decodeWhole(text) }
        guard let lines = PEM.unescaped(text) else { return try decodeText(text) { $0 } }
        // Messages give the numbers of the lines in the original file.
        return try decodeText(lines.bytes) { PEM.originalLine($0, of: text) }
    }

    /// The same for a file with a name, `-` for standard input; throws `LocatedFailure` with it.
    public static func decode(_ bytes: RawSpan, from path: String) throws -> KeyFile {
        do { return try decode(bytes) } catch let error as any ReportableError {
            throw LocatedFailure(keyFile: path, error)
        }
    }

    /// The key of one line as OpenSSH writes it, such as `ssh-rsa AAAA… alice`.
    ///
    /// Throws `KeyFormatError` if there are several lines, or if the key is not RSA or is damaged.
    public static func publicKey(openSSHLine line: String) throws -> PublicKey {
        let bytes = Array(line.utf8)
        guard let lines = SSHLines.split(bytes.borrowedBytes), lines.count == 1,
            let entry = try SSHLines.key(lines[0].text)
        else { throw KeyFormatError.damaged("OpenSSH public key") }
        if case .otherKind(let kind) = entry.material { throw KeyFormatError.otherKind(kind) }
        guard let key = entry.publicKey else { throw KeyFormatError.notOneKey }
        return key
    }

    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// Returns whether the bytes may be PEM, that is, are not DER.
    ///
    /// DER is never searched for blocks: a certificate may hold the text of a block, but programs
    /// that read the certificate take another key.
    private static func mayBePEM(_ bytes: RawSpan) -> Bool {
        let firstLongForm: UInt8 = 0x80
        let isDER =
            bytes.byteCount > 1 && bytes.byte(at: 0) == DER.Tag.sequence
            && bytes.byte(at: 1) >= firstLongForm
        return !isDER && !bytes.contains([0])
    }

    /// Returns whether the text has a key outside of PEM blocks.
    ///
    /// Such a text is not searched for blocks: a block in a comment or in another member would
    /// replace the key that other programs take. Throws `KeyFormatError` if the text has both.
    private static func isStructured(_ text: RawSpan) throws -> Bool {
        if let error = ForeignFile.markedError(for: text) { throw error }
        if text.firstCharacter == UInt8(ascii: "{") {
            guard let isKey = JSONText.hasMember(["kty", "keys"], in: text) else {
                throw KeyFormatError.unreadableJSON
            }
            return isKey
        }
        guard let line = SSHKeyLine.number(in: text) else { return false }
        if SSHKeyLine.isKeyFile(text) { return true }
        guard !SSHKeyLine.hasBlock(besideKey: text), !text.contains(Array("PRIVATE KEY".utf8))
        else {
            throw KeyFormatError.keyBesideBlocks(line: line)
        }
        return true
    }

    private static func decodeText(
        _ text: RawSpan,
        numbering: (Int) -> Int
    ) throws -> KeyFile {
        if let label = PEM.label(of: text), let error = ForeignFile.error(forLabel: label) {
            throw error
        }
        let blocks = try PEM.blocks(in: text, numbering: numbering)
        guard !blocks.isEmpty else { return try decodeWhole(text) }
        return try KeyFile(blocks, in: text)
    }

    private static func decodeWhole(_ bytes: RawSpan) throws -> KeyFile {
        guard let format = format(of: bytes) else { throw ForeignFile.error(for: bytes) }
        return try KeyFile(format: format, entries: format.decode(bytes))
    }

    static func format(of bytes: RawSpan) -> (any KeyFormat)? {
        all.first { $0.probe(bytes) }
    }
}
