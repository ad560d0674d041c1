internal import CryptoCore
internal import KeyOperations

extension [KeyEntry] {
    /// The one public key of a list; throws where there are more or fewer.
    func onlyPublicKey(for format: some KeyFormat) throws -> PublicKey {
        guard count == 1 else { throw KeyFormatError.holdsOneKey(format, count: count) }
        guard let key = self[0].publicKey else { throw KeyFormatError.notOneKey }
        return key
    }

    /// The one private key of a list; `nil` where it is a public one.
    func onlyPrivateKey(for format: some KeyFormat) throws -> RSAPrivateKey? {
        guard count == 1 else { throw KeyFormatError.holdsOneKey(format, count: count) }
        guard case .privateKey(let key) = self[0].material else { return nil }
        return key
    }

    /// The key that signs for the one key of a list: its own private half, wherever that is.
    func onlySigner(
        for format: some KeyFormat,
        _ encoding: KeyEncoding
    ) throws -> any SigningKey {
        if let key = try onlyPrivateKey(for: format) { return key }
        guard let signer = encoding.signer else { throw KeyFormatError.needsPrivateKey(format) }
        return signer
    }
}

extension KeyFormatError {
    static func needsPrivateKey(_ format: some KeyFormat) -> KeyFormatError {
        notWritable(
            "the format \(format.title) needs the private key, and this is a public key",
            hint: "use the private key file; for a key of your own: keyctl export NAME --private"
        )
    }

    static func holdsOneKey(_ format: some KeyFormat, count: Int) -> KeyFormatError {
        notWritable(
            "the format \(format.title) holds one key, but there are \(count) keys",
            hint: "the formats jwks, authorized-keys and allowed-signers hold several keys"
        )
    }
}

extension SecretBytes {
    /// Public text where a format's other content is secret.
    init(text: String) { self.init(copying: Array(text.utf8).borrowedBytes) }

    /// Both, one after the other; the first is cleansed when its owner goes.
    func appending(_ more: RawSpan) -> SecretBytes {
        SecretBytes(count: count + more.byteCount) { view in
            view.copy(bytes, to: 0)
            view.copy(more, to: count)
        }
    }
}

extension RawSpan {
    /// Whether these bytes begin with others.
    package func starts(with prefix: [UInt8]) -> Bool {
        guard byteCount >= prefix.count else { return false }
        for (index, byte) in prefix.enumerated() {
            // SAFETY: the index lies within the span.
            guard unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self) == byte else {
                return false
            }
        }
        return true
    }

    /// Whether other bytes stand somewhere in these.
    func contains(_ needle: [UInt8]) -> Bool {
        guard let first = needle.first, needle.count <= byteCount else { return false }
        for start in 0...(byteCount - needle.count)
        where unsafe unsafeLoad(fromByteOffset: start, as: UInt8.self) == first {
            if extracting(start..<(start + needle.count)).starts(with: needle) { return true }
        }
        return false
    }

    func starts(with prefix: String) -> Bool { starts(with: Array(prefix.utf8)) }

    /// The first byte that is no white space.
    var firstCharacter: UInt8? {
        for index in 0..<byteCount {
            // SAFETY: the index lies within the span.
            let byte = unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self)
            if byte != 0x20, byte != 0x09, byte != 0x0a, byte != 0x0d { return byte }
        }
        return nil
    }
}
