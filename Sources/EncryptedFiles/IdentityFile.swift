internal import AgeFiles
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// A file of `-i`, as age takes them: `AGE-SECRET-KEY-1…` lines, such a file under a passphrase, or
/// a private RSA key of any format.
enum IdentityFile {
    private static let largestByteCount = 16 << 20

    static func read(_ path: String, _ global: GlobalOptions) throws -> [any AgeIdentity] {
        let file = path == "-" ? nil : path
        let text =
            try file.map { try DurableFile.readSecret($0, limit: largestByteCount) }
            ?? DurableFile.readSecret(
                descriptor: 0,
                name: "standard input",
                limit: largestByteCount
            )
        if AgeReader.begins(text.bytes) {
            let reader = try AgeReader(MemorySource(text.bytes))
            let plain = try decrypt(reader, path, global)
            return try identities(plain.bytes, path, global)
        }
        return try identities(text.bytes, path, global)
    }

    private static func decrypt(
        _ reader: AgeReader,
        _ path: String,
        _ global: GlobalOptions
    ) throws -> SecretBytes {
        let passphrase = AgeScrypt.Identity {
            try global.passphrase(prompt: "Passphrase of \(path)")
        }
        guard let opening = try reader.open([passphrase]) else {
            throw AgeError.key(
                "\(path) is encrypted, and the passphrase does not open it",
                hint: "try again, or decrypt it first: keyctl decrypt -o PLAIN \(path)"
            )
        }
        let sink = MemorySink(limit: largestByteCount)
        try reader.decrypt(opening.fileKey.bytes, to: sink)
        return sink.content()
    }

    private static func identities(
        _ text: RawSpan,
        _ path: String,
        _ global: GlobalOptions
    ) throws -> [any AgeIdentity] {
        // A comment of such a file may hold the text of another key.
        if hasAgeLine(text) { return try ageLines(text, path) }
        if let file = try keyFile(text, path) {
            // A certificate beside the private key is of no use here.
            let privateKeys = file.entries.filter(\.isPrivate)
            return try (privateKeys.isEmpty ? file.entries : privateKeys).map { entry in
                switch entry.material {
                case .privateKey(let key): return try AgeSSHRSA.Identity(key, name: path)
                case .lockedPrivateKey(let locked):
                    return LockedIdentity(path, locked, global)
                case .publicKey, .otherKind:
                    throw AgeError.key(
                        "\(path) holds no private RSA key",
                        hint: "give -i the private key file, not the .pub file"
                    )
                }
            }
        }
        return try ageLines(text, path)
    }

    /// Whether a line begins as an identity of age.
    private static func hasAgeLine(_ text: RawSpan) -> Bool {
        let begin = Array("AGE-SECRET-KEY-1".utf8)
        var isLineStart = true
        for index in 0..<text.byteCount {
            if isLineStart, text.extracting(droppingFirst: index).starts(with: begin) {
                return true
            }
            let character = byte(text, index)
            isLineStart =
                character == UInt8(ascii: "\n") || isLineStart && character <= UInt8(ascii: " ")
        }
        return false
    }

    /// A key file; `nil` where it is none at all.
    private static func keyFile(_ text: RawSpan, _ path: String) throws -> KeyFile? {
        do { return try KeyFileReader.decode(text, from: path) } catch let error as KeyFileError
            where error.isUnrecognized
        {
            return nil
        }
    }

    static func ageLines(_ text: RawSpan, _ path: String) throws -> [any AgeIdentity] {
        var identities: [any AgeIdentity] = []
        var number = 0
        // A byte order mark, which editors on Windows write.
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        var start = text.starts(with: mark) ? mark.count : 0
        while start < text.byteCount {
            number += 1
            var end = start
            while end < text.byteCount, byte(text, end) != UInt8(ascii: "\n") { end += 1 }
            defer { start = end + 1 }
            var last = end
            while last > start, byte(text, last - 1) <= 0x20 { last -= 1 }
            var first = start
            while first < last, byte(text, first) <= 0x20 { first += 1 }
            guard last > first, byte(text, first) != UInt8(ascii: "#") else { continue }
            guard let identity = AgeX25519.Identity(text.extracting(first..<last)) else {
                throw AgeError.key(
                    "line \(number) of \(path) is not an identity that can be used",
                    hint: "AGE-SECRET-KEY-1… lines and private RSA keys are accepted"
                )
            }
            identities.append(identity)
        }
        guard !identities.isEmpty else {
            throw AgeError.key("\(path) holds no identity", hint: "make one: age-keygen -o FILE")
        }
        return identities
    }

    private static func byte(_ text: RawSpan, _ index: Int) -> UInt8 {
        // SAFETY: callers stay within the text.
        unsafe text.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
}

/// A private key file under a passphrase, which is asked for when a stanza may be for it.
private final class LockedIdentity: AgeIdentity {
    let name: String
    private let locked: any LockedPrivateKey
    private let tag: String?
    private let global: GlobalOptions
    private var opened: AgeSSHRSA.Identity?

    init(_ path: String, _ locked: any LockedPrivateKey, _ global: GlobalOptions) {
        name = path
        self.locked = locked
        tag = locked.publicKey.map(AgeSSHRSA.tag)
        self.global = global
    }

    func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
        guard stanza.type == AgeSSHRSA.type, tag == nil || stanza.arguments.first == tag else {
            return nil
        }
        if let opened { return try opened.unwrap(stanza) }
        let key = try LockedKey.open(locked, name: name, global)
        let identity = try AgeSSHRSA.Identity(key, name: name)
        opened = identity
        return try identity.unwrap(stanza)
    }
}

/// Opens private key files under a passphrase.
enum LockedKey {
    static func open(
        _ locked: any LockedPrivateKey,
        name: String,
        _ global: GlobalOptions
    ) throws -> RSAPrivateKey {
        do {
            if let key = try locked.openWithoutPassphrase() {
                Report.warning("\(name) opens without a passphrase")
                return key
            }
        } catch let error as CryptoError {
            throw KeyFileError(name, error)
        } catch let error as KeyFormatError { throw KeyFileError(name, error) }
        let passphrase: Passphrase
        do {
            passphrase = try global.passphrase(prompt: "Passphrase of \(name)")
        } catch let error as CommandError where error.isEmptyPassphrase {
            // It was given, so it is tried whatever it costs.
            let none = SecretBytes(count: 0) { _ in }
            guard let key = try? locked.open(passphrase: none.bytes) else { throw error }
            return key
        }
        do {
            return try passphrase.bytes.withBytes { try locked.open(passphrase: $0) }
        } catch let error as CryptoError where error.code == .authenticationFailed {
            throw ImportError.wrongPassphrase(name)
        } catch let error as CryptoError {
            throw KeyFileError(name, error)
        } catch let error as KeyFormatError {
            throw KeyFileError(name, error)
        }
    }
}

/// Bytes that are here already.
final class MemorySource: ByteSource {
    private let content: SecretBytes
    private var position = 0

    init(_ content: RawSpan) { self.content = SecretBytes(copying: content) }

    func read(into room: inout MutableRawSpan) throws -> Int {
        let count = min(content.count - position, room.byteCount)
        let start = position
        content.withBytes { room.copy($0.extracting(start..<(start + count)), to: 0) }
        position += count
        return count
    }
}

/// Keeps what is written, up to a limit.
final class MemorySink: ByteSink {
    private var room: SecretBuffer
    private var count = 0

    init(limit: Int) { room = SecretBuffer(count: limit) }

    func write(_ piece: RawSpan) throws {
        guard piece.byteCount <= room.count - count else {
            throw AgeError.key("the identity file is larger than \(room.count >> 20) MiB")
        }
        room.withMutableBytes(count..<(count + piece.byteCount)) { $0.copy(piece, to: 0) }
        count += piece.byteCount
    }

    func content() -> SecretBytes { room.withBytes(0..<count) { SecretBytes(copying: $0) } }
}
