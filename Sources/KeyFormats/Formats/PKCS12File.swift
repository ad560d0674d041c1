internal import CryptoCore

/// `pkcs12`: a private key with a certificate (RFC 7292), as browsers and Java store them.
struct PKCS12File: KeyFormat {
    let id = "pkcs12"
    let title = "private key and certificate (PKCS#12)"
    let fileExtension = "p12"
    let content = KeyContent(public: false, private: true, encryptable: true)
    let isText = false

    func probe(_ bytes: RawSpan) -> Bool {
        let tags = DERShape.tags(bytes, count: 3)
        // The third member is the MAC, which some files lack.
        return tags.starts(with: [DER.Tag.integer, DER.Tag.sequence])
            && tags.dropFirst(2).allSatisfy { $0 == DER.Tag.sequence }
            && PKCS12Archive.isEncoded(in: bytes)
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        let archive = try PKCS12Archive(der: bytes)
        return [KeyEntry(.lockedPrivateKey(LockedPKCS12(archive: archive)))]
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        guard let key = try entries.onlyPrivateKey(for: self) else {
            throw KeyFormatError.needsPrivateKey(self)
        }
        guard let passphrase = encoding.passphrase else {
            throw KeyFormatError.notWritable("a PKCS#12 file must have a passphrase")
        }
        let certificate = try Certificate.make(key, entries[0].name, encoding)
        let name = entries[0].name.isEmpty ? "key" : entries[0].name
        let der = try passphrase.bytes.withBytes {
            try PKCS12.seal(key, certificate: certificate, friendlyName: name, passphrase: $0)
        }
        return SecretBytes(copying: der.borrowedBytes)
    }
}

/// A PKCS#12 file with a passphrase or an empty passphrase.
struct LockedPKCS12: LockedPrivateKey {
    let archive: PKCS12Archive
    let publicKey: PublicKey? = nil

    var protection: String { archive.isPlain ? "PKCS#12, NOT encrypted" : "PKCS#12" }

    func open(passphrase: RawSpan) throws -> RSAPrivateKey {
        let info = try archive.privateKeyInfo(passphrase: passphrase)
        return try RSAPrivateKey(checking: info.bytes)
    }

    func openWithoutPassphrase() throws -> RSAPrivateKey? {
        guard let info = try archive.privateKeyInfoWithoutPassphrase() else { return nil }
        return try RSAPrivateKey(checking: info.bytes)
    }
}
