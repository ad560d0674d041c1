internal import CryptoCore

/// What a key file holds.
public struct KeyFile: Sendable {
    /// How it is written; of several blocks, the first one.
    public let format: any KeyFormat
    /// Its keys, in their order.
    public let entries: [KeyEntry]
    /// How many labelled blocks it is made of; 0 where it is not PEM.
    public let blockCount: Int
    /// The labels of blocks that hold no key, such as parameters.
    public let otherLabels: [String]

    /// Takes the keys of one format; throws `KeyFormatError` for more than are read at once.
    init(format: any KeyFormat, entries: [KeyEntry]) throws(KeyFormatError) {
        guard entries.count <= KeyWork.largestKeyCount else {
            throw KeyFormatError.tooManyKeys(entries.count)
        }
        self.format = format
        self.entries = entries
        blockCount = 0
        otherLabels = []
    }

    /// Reads every block of a text.
    ///
    /// Throws where a block is broken, where none of them is a key, and where checking the private
    /// keys would take too long.
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

    /// Whether it is a text of several blocks, of which one may be meant.
    public var isBundle: Bool { blockCount > 1 }

    /// The one public key of a file; throws `KeyFormatError` where there is another number.
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
