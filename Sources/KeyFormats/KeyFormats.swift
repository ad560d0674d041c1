internal import CryptoCore
internal import Failures

/// The table of key formats.
public enum KeyFormats {
    /// Largest file that is read: 16 MiB.
    public static let largestByteCount = 16 << 20

    /// Every format, in the order in which they are tried.
    public static let all: [any KeyFormat] = [
        SubjectPublicKeyInfo(isPEM: true), SubjectPublicKeyInfo(isPEM: false),
        PKCS1(isPEM: true), PKCS1(isPEM: false), PKCS8(isPEM: true), PKCS8(isPEM: false),
        OpenSSHLine(), OpenSSHPrivateKey(), RFC4716(), JSONWebKey(), JSONWebKeySet(),
        PKCS12File(), Certificate(isPEM: true), Certificate(isPEM: false),
        SigningRequest(isPEM: true), SigningRequest(isPEM: false), AuthorizedKeys(),
        AllowedSigners(),
    ]

    /// The format with this id.
    public static func named(_ id: String) -> (any KeyFormat)? { all.first { $0.id == id } }

    /// The keys in these bytes, whatever their format.
    ///
    /// Throws `KeyFormatError` where no format fits, and what is wrong where one fits and the bytes
    /// are broken.
    public static func decode(_ bytes: RawSpan) throws -> KeyFile {
        guard bytes.byteCount <= largestByteCount else { throw KeyFormatError.tooLarge }
        // A byte order mark, which editors on Windows write (RFC 3629 § 6).
        let hasMark = bytes.starts(with: byteOrderMark)
        let text = bytes.extracting(droppingFirst: hasMark ? byteOrderMark.count : 0)
        guard mayBePEM(text), try !isStructured(text) else { return try decodeWhole(text) }
        guard let lines = PEM.unescaped(text) else { return try decodeText(text) { $0 } }
        // Messages count the lines as they stand in the file.
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
    /// Throws `KeyFormatError` for several lines, and for a key of another kind.
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

    /// Whether these bytes are not DER.
    ///
    /// DER is never searched for blocks: a certificate may hold the text of a block, and a program
    /// that reads the certificate takes another key than that one.
    private static func mayBePEM(_ bytes: RawSpan) -> Bool {
        let firstLongForm: UInt8 = 0x80
        let isDER =
            bytes.byteCount > 1 && bytes.byte(at: 0) == DER.Tag.sequence
            && bytes.byte(at: 1) >= firstLongForm
        return !isDER && !bytes.contains([0])
    }

    /// Whether the text has a key outside of PEM blocks, so it is not searched for blocks: one in a
    /// comment or in another member would replace the key that other programs take.
    ///
    /// Throws `KeyFormatError` where the blocks are a second thing that could be meant.
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
