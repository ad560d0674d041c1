internal import CryptoCore

/// The key that the user means in a text of several blocks: a private key with its certificate, a
/// certificate with its chain, or a public key that is given twice.
public struct KeySelection: Sendable {
    /// The key that is meant.
    public let entry: KeyEntry
    /// A sentence about the blocks that were left out; `nil` if there are none.
    public let note: String?
    /// The keys of the certificates beside a private key.
    private let certified: [PublicKey]
    /// The public keys beside it.
    private let plain: [PublicKey]
    private let hasCertificate: Bool

    /// Finds the key.
    ///
    /// Throws `KeyFormatError` if several keys could be meant, or if the parts of the file do not
    /// belong together.
    public init(of file: KeyFile) throws(KeyFormatError) {
        let certificates = file.entries.filter { $0.certificate != nil }
        let privateKeys = KeySelection.distinct(file.entries.filter(\.isPrivate))
        let publicKeys = KeySelection.distinct(
            file.entries.filter { !$0.isPrivate && $0.certificate == nil }
        )
        for case .otherKind(let kind) in publicKeys.map(\.material) {
            throw KeyFormatError.otherKind(kind)
        }
        certified = certificates.compactMap(\.publicKey)
        plain = publicKeys.compactMap(\.publicKey)
        hasCertificate = !certificates.isEmpty
        guard privateKeys.count <= 1 else {
            throw KeyFormatError.severalPrivateKeys(privateKeys.count)
        }
        guard publicKeys.count <= 1 else {
            throw KeyFormatError.severalPublicKeys(publicKeys.count)
        }
        if let key = privateKeys.first {
            entry = key
        } else if let key = publicKeys.first {
            entry = key
        } else {
            entry = try KeySelection.leaf(of: certificates)
        }
        let isLeaf = entry.certificate != nil
        note = KeySelection.note(
            taken: entry.isPrivate
                ? "the private key"
                : isLeaf ? "the key of the first certificate" : "the public key",
            certificateCount: isLeaf ? certificates.count - 1 : certificates.count,
            publicKeyCount: entry.isPrivate ? publicKeys.count : 0,
            others: file.otherLabels
        )
        guard let key = entry.publicKey, !isLeaf else { return }
        try requireMatch(key)
    }

    /// Throws `KeyFormatError` unless the file's certificates and public keys belong to this key.
    ///
    /// For a private key with a passphrase, this is known only after it was opened.
    public func requireMatch(_ key: PublicKey) throws(KeyFormatError) {
        let belongs =
            plain.allSatisfy { $0 == key } && (!hasCertificate || certified.contains(key))
        guard belongs || entry.certificate != nil else {
            throw entry.isPrivate
                ? KeyFormatError.strangersPrivateKey : KeyFormatError.strangersPublicKey
        }
    }

    /// Returns the entries without repetitions.
    ///
    /// An entry without a known public half always counts.
    private static func distinct(_ entries: [KeyEntry]) -> [KeyEntry] {
        var seen: Set<[UInt8]> = []
        return entries.filter { entry in
            guard let key = entry.publicKey else { return true }
            return seen.insert(key.spkiDER).inserted
        }
    }

    /// Returns the first of several certificates, if another one issued it and it issued none of
    /// them.
    ///
    /// TLS sends them in this order (RFC 8446 § 4.4.2). A trust store is not such a chain, and none
    /// of its keys is meant.
    private static func leaf(of certificates: [KeyEntry]) throws(KeyFormatError) -> KeyEntry {
        guard let first = certificates.first, let names = first.certificate else {
            throw KeyFormatError.notOneKey
        }
        if case .otherKind(let kind) = first.material {
            throw KeyFormatError.otherKind(kind, inCertificate: true)
        }
        let others = certificates.filter { $0.certificate != names }
        // Two different keys have the same names, so either could be meant.
        guard
            certificates.allSatisfy({ $0.certificate != names || $0.publicKey == first.publicKey })
        else { throw KeyFormatError.noChain(certificates.count) }
        guard !others.isEmpty else { return first }
        let isIssued = others.contains { $0.certificate?.subject == names.issuer }
        let hasIssued = others.contains { $0.certificate?.issuer == names.subject }
        guard isIssued, !hasIssued else { throw KeyFormatError.noChain(certificates.count) }
        return first
    }

    private static func note(
        taken: String,
        certificateCount: Int,
        publicKeyCount: Int,
        others: [String]
    ) -> String? {
        var left: [String] = []
        if certificateCount > 0 {
            left.append("\(certificateCount) certificate\(certificateCount == 1 ? "" : "s")")
        }
        if publicKeyCount > 0 {
            left.append("\(publicKeyCount) public key\(publicKeyCount == 1 ? "" : "s")")
        }
        for label in Set(others).sorted() { left.append(Printable.text(label, limit: 64)) }
        guard !left.isEmpty else { return nil }
        return "took \(taken) of the file, and left out: \(left.joined(separator: ", "))"
    }
}
