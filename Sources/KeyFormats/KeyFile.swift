internal import CryptoCore

/// The keys of a key file.
public struct KeyFile: Sendable {
    /// The format of the file; of several blocks, the format of the first one.
    public let format: any KeyFormat
    /// The keys, in their order.
    public let entries: [KeyEntry]
    /// The number of PEM blocks; 0 if the file is not PEM.
    public let blockCount: Int
    /// The labels of blocks without a key, for example parameters.
    public let otherLabels: [String]

    /// Makes a file of one format; throws `KeyFormatError` if it has too many keys.
    init(format: any KeyFormat, entries: [KeyEntry]) throws(KeyFormatError) {
        guard entries.count <= KeyWork.largestKeyCount else {
            throw KeyFormatError.tooManyKeys(entries.count)
        }
        self.format = format
        self.entries = entries
        blockCount = 0
        otherLabels = []
    }

    /// Reads bytes of a format that the user named; throws the format's error if they are not of it.
    public init(reading bytes: RawSpan, as format: any KeyFormat) throws {
        try self.init(format: format, entries: format.decode(bytes))
    }

    /// Reads every block of a text.
    ///
    /// Throws `KeyFormatError` or `CryptoError` if a block is broken, if no block is a key, or if
    /// checking the private keys would take too long.
    init(_ blocks: [PEM.Block], in text: RawSpan) throws {
        var entries: [KeyEntry] = []
        var others: [String] = []
        var first: (any KeyFormat)?
        var work = KeyWork.file
        for block in blocks {
            let bytes = text.extracting(block.whole)
            if let format = KeyFormats.format(of: bytes) {
                first = first ?? format
                let decoded = try format.decode(bytes)
                for case .privateKey(let key) in decoded.map(\.material) {
                    try work.spendOnCheck(of: key.publicKey)
                }
                entries += decoded
            } else if let kind = ForeignFile.keyKind(forLabel: block.label) {
                entries.append(KeyEntry(.otherKind(kind)))
            } else {
                others.append(block.label)
            }
        }
        guard let format = first else {
            if let only = entries.first, case .otherKind(let kind) = only.material {
                throw KeyFormatError.otherKind(kind)
            }
            throw ForeignFile.error(forUnknownLabel: blocks.first?.label ?? "")
        }
        self.format = format
        self.entries = entries
        blockCount = blocks.count
        otherLabels = others
    }

    /// Whether the file has several blocks, of which the user may mean one.
    public var isBundle: Bool { blockCount > 1 }

    /// Returns the only public key of the file; throws `KeyFormatError` if there is not exactly
    /// one.
    public func onlyPublicKey() throws(KeyFormatError) -> PublicKey {
        let entry = try isBundle ? KeySelection(of: self).entry : entries.first
        guard let entry, isBundle || entries.count == 1 else { throw KeyFormatError.notOneKey }
        if case .otherKind(let kind) = entry.material {
            throw KeyFormatError.otherKind(kind, inCertificate: entry.certificate != nil)
        }
        guard case .publicKey(let key) = entry.material else { throw KeyFormatError.notOneKey }
        return key
    }
}
