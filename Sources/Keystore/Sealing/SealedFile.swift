internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// The file `sealed.<n>` with an identity's private keys.
///
/// A readable header, which is associated data, and an AES-256-GCM body. docs/keystore-format.md
/// gives the bytes.
struct SealedFile {
    static let largestByteCount = 8 << 20
    /// The largest number of a sealed file.
    ///
    /// Each change of the private keys takes the next number.
    static let largestNumber = Int(Int32.max)
    private static let heading = FileHeading("keyctl-sealed", version: 1)
    private static let lineCharacterCount = 64

    let id: SHA256Digest
    let versions: [(number: Int, fingerprint: Fingerprint)]
    let lock: DataKeyLock
    let nonce: [UInt8]
    let body: [UInt8]

    /// Returns the number in the name of a sealed file (`sealed.12`), or `nil` for every other
    /// name.
    static func number(fileName: String) -> Int? {
        guard fileName.hasPrefix("sealed."), let number = Int(fileName.dropFirst("sealed.".count)),
            (1...largestNumber).contains(number), fileName == "sealed.\(number)"
        else { return nil }
        return number
    }

    /// Seals private keys under a data key.
    init(
        id: SHA256Digest,
        keys: [(number: Int, key: RSAPrivateKey)],
        lock: DataKeyLock,
        dataKey: borrowing SecretBytes
    ) throws(CryptoError) {
        self.id = id
        self.lock = lock
        versions = keys.map { ($0.number, Fingerprint(of: $0.key.publicKey)) }
        nonce = try SecureRandom.bytes(count: AESGCM.nonceByteCount)
        let plaintext = try PrivateKeyList.encode(keys)
        body = try AESGCM.seal(
            plaintext.bytes,
            key: dataKey.bytes,
            nonce: nonce,
            authenticating: SealedFile.header(id, versions, lock, nonce)
        )
    }

    /// Reads a sealed file.
    ///
    /// Throws `KeystoreError` if the text differs in any byte from what this type would write.
    init(_ bytes: [UInt8], path: String) throws {
        try SealedFile.heading.requireKnownVersion(bytes, path: path)
        func damaged(_ why: String) -> KeystoreError { KeystoreError.damaged(path, why) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw damaged("it is not text")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 8, lines[0] == SealedFile.heading.description, lines[6].isEmpty,
            lines.last?.isEmpty == true
        else { throw damaged("its layout is not that of keyctl-sealed v1") }
        func field(_ index: Int, _ name: String) throws(KeystoreError) -> Substring {
            guard lines[index].hasPrefix(name + " ") else {
                throw damaged("its field \"\(name)\" is missing")
            }
            return lines[index].dropFirst(name.count + 1)
        }
        guard let id = SHA256Digest(hexadecimal: try field(1, "identity")) else {
            throw damaged("its field \"identity\" cannot be read")
        }
        var versions: [(number: Int, fingerprint: Fingerprint)] = []
        for item in try field(2, "versions").split(separator: ",") {
            let parts = item.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let number = Int(parts[0]),
                let fingerprint = Fingerprint(parts[1])
            else { throw damaged("its field \"versions\" cannot be read") }
            versions.append((number, fingerprint))
        }
        guard
            let lock = DataKeyLock(
                derivation: try field(3, "kdf"),
                check: try field(4, "check"),
                wrapped: try field(5, "wrap").split(separator: " ").map(String.init)
            )
        else { throw damaged("its fields \"kdf\", \"check\" and \"wrap\" cannot be read") }
        guard let first = Base64.decode(lines[7]), first.count == AESGCM.nonceByteCount,
            let body = Base64.decode(lines[8...].joined())
        else { throw damaged("its body cannot be read") }
        self.id = id
        self.versions = versions
        self.lock = lock
        nonce = first
        self.body = body
        guard encoded == bytes else { throw damaged("it is not written in its canonical form") }
    }

    /// The file's text.
    var encoded: [UInt8] {
        var text = SealedFile.header(id, versions, lock, nonce)
        let characters = Array(Base64.encode(body).utf8)
        for start in stride(from: 0, to: characters.count, by: SealedFile.lineCharacterCount) {
            let end = min(start + SealedFile.lineCharacterCount, characters.count)
            text += characters[start..<end] + [UInt8(ascii: "\n")]
        }
        return text
    }

    /// Opens the private keys; throws `CryptoError` if the header or the body was changed.
    func keys(
        dataKey: borrowing SecretBytes
    ) throws(CryptoError) -> [(number: Int, key: RSAPrivateKey)] {
        let plaintext = try AESGCM.open(
            body,
            key: dataKey.bytes,
            nonce: nonce,
            authenticating: SealedFile.header(id, versions, lock, nonce)
        )
        return try PrivateKeyList.decode(plaintext.bytes)
    }

    /// Returns everything before the body: the body's associated data.
    private static func header(
        _ id: SHA256Digest,
        _ versions: [(number: Int, fingerprint: Fingerprint)],
        _ lock: DataKeyLock,
        _ nonce: [UInt8]
    ) -> [UInt8] {
        let list = versions.map { "\($0.number)=\($0.fingerprint)" }.joined(separator: ",")
        return Array(
            """
            \(heading)
            identity \(id)
            versions \(list)
            kdf \(lock.derivationText)
            check \(lock.checkText)
            wrap \(Base64.encode(lock.wrapped))

            \(Base64.encode(nonce))

            """.utf8
        )
    }
}
