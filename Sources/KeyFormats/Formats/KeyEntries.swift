internal import CryptoCore
internal import KeyOperations

extension [KeyEntry] {
    /// Returns the only public key of a list; throws `KeyFormatError` if the count is not one.
    func onlyPublicKey(for format: some KeyFormat) throws -> PublicKey {
        guard count == 1 else { throw KeyFormatError.holdsOneKey(format, count: count) }
        guard let key = self[0].publicKey else { throw KeyFormatError.notOneKey }
        return key
    }

    /// Returns the only private key of a list, or `nil` if the only key is a public one.
    ///
    /// Throws `KeyFormatError` if the count is not one.
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
    /// Makes secret bytes of public text, for formats whose other content is secret.
    init(text: String) { self.init(copying: Array(text.utf8).borrowedBytes) }

    /// Returns both, one after the other.
    func appending(_ more: RawSpan) -> SecretBytes {
        SecretBytes(count: count + more.byteCount) { view in
            view.copy(bytes, to: 0)
            view.copy(more, to: count)
        }
    }
}

extension RawSpan {
    /// Returns whether these bytes begin with `prefix`.
    package func starts(with prefix: [UInt8]) -> Bool {
        guard byteCount >= prefix.count else { return false }
        for (index, expected) in prefix.enumerated() where byte(at: index) != expected {
            return false
        }
        return true
    }

    /// Returns whether `needle` is somewhere in these bytes.
    func contains(_ needle: [UInt8]) -> Bool {
        guard let first = needle.first, needle.count <= byteCount else { return false }
        for start in 0...(byteCount - needle.count)
        where byte(at: start) == first {
            if extracting(start..<(start + needle.count)).starts(with: needle) { return true }
        }
        return false
    }

    func starts(with prefix: String) -> Bool { starts(with: Array(prefix.utf8)) }

    /// The first byte that is not white space; `nil` if there is none.
    var firstCharacter: UInt8? {
        for index in 0..<byteCount {
            let byte = byte(at: index)
            if byte != 0x20, byte != 0x09, byte != 0x0a, byte != 0x0d { return byte }
        }
        return nil
    }
}
