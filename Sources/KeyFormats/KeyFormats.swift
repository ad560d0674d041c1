internal import CryptoCore

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
        guard mayBePEM(text) else { return try decodeWhole(text) }
        if let lines = PEM.unescaped(text) { return try decodeText(lines.bytes) }
        return try decodeText(text)
    }

    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// DER is never searched for blocks: a certificate may hold the text of one, and who else
    /// reads the file finds the other key.
    private static func mayBePEM(_ bytes: RawSpan) -> Bool {
        let firstLongForm: UInt8 = 0x80
        let isDER =
            bytes.byteCount > 1 && PEM.byte(bytes, 0) == DER.Tag.sequence
            && PEM.byte(bytes, 1) >= firstLongForm
        return !isDER && !bytes.contains([0])
    }

    private static func decodeText(_ text: RawSpan) throws -> KeyFile {
        if let label = PEM.label(of: text), let error = ForeignFile.error(forLabel: label) {
            throw error
        }
        let blocks = try PEM.blocks(in: text)
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
