internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// The state after the first lines of a log, as a file whose tables are searched in place.
///
/// The file is a cache: it may be deleted, and the log makes it again. Its digest is checked when
/// it is opened, so that later reads return what was written. `Registry` owns it.
final class RegistryIndex: Sendable {
    static let magic = Array("keyctl-index v4\n".utf8)
    static let headByteCount = magic.count + SHA256Digest.byteCount
    static let entryByteCount = SHA256Digest.byteCount + 8

    /// The numbers of the header, in their order.
    enum Field: Int, CaseIterable {
        case logByteCount
        case lineCount
        case lastLineStart
        case identityCount
        case coveredCount
        case subtreeCount
        case subtrees
        case lineEnds
        case records
        case nameCount
        case names
        case idCount
        case ids
        case keyCount
        case keys
        case skeletonCount
        case skeletons
        case formerCount
        case formers
        case signatureCount
        case signatures
        case revokedCount
        case revoked
        case groupCount
        case groups
        case earlierCount
        case earlier
        case coveredRoot
        case lastLeaf
    }

    private let file: MappedFile

    /// Opens the index at `path`; returns `nil` if there is none, or if it is damaged.
    ///
    /// Throws `FileError` if the file cannot be read.
    init?(path: String) throws(FileError) {
        guard let file = try MappedFile(path),
            file.byteCount >= RegistryIndex.headByteCount + Field.allCases.count * 8,
            file.bytes(0..<RegistryIndex.magic.count) == RegistryIndex.magic
        else { return nil }
        let rest = RegistryIndex.headByteCount..<file.byteCount
        let digest = file.withBytes(rest) { SHA256Digest(hashing: $0) }
        guard file.bytes(RegistryIndex.magic.count..<RegistryIndex.headByteCount) == digest.bytes,
            RegistryIndex.isWellFormed(file)
        else { return nil }
        self.file = file
    }

    func number(_ field: Field) -> Int {
        file.integer(at: RegistryIndex.headByteCount + field.rawValue * 8)
    }

    var identityCount: Int { number(.identityCount) }
    var lineCount: Int { number(.lineCount) }
    var logByteCount: Int { number(.logByteCount) }

    /// Returns whether the log still has the line that was its last one when the index was written.
    func describes(_ log: AppendFile) throws(FileError) -> Bool {
        let (start, end) = (number(.lastLineStart), logByteCount)
        guard lineCount > 0, try log.byteCount() >= end else { return false }
        let line = try log.bytes(start..<end)
        return line.last == UInt8(ascii: "\n")
            && MerkleTree.leafHash(line.dropLast()) == digest(at: number(.lastLeaf))
    }

    /// The checkpoint that matched the log when the index was written.
    var covered: (count: Int, root: SHA256Digest)? {
        number(.coveredCount) < 0
            ? nil : (number(.coveredCount), digest(at: number(.coveredRoot)))
    }

    /// The Merkle tree over the lines.
    var tree: MerkleTree {
        let start = number(.subtrees)
        return MerkleTree(
            subtrees: (0..<number(.subtreeCount)).map { index in
                let offset = start + index * RegistryIndex.entryByteCount
                return (file.integer(at: offset), digest(at: offset + 8))
            }
        )
    }

    /// Returns the offset after a line and its line feed.
    func lineEnd(_ index: Int) -> Int {
        precondition(index >= 0 && index < lineCount)
        return file.integer(at: number(.lineEnds) + index * 8)
    }

    // MARK: Identities

    func identity(_ position: Int) -> RegisteredIdentity {
        precondition(position >= 0 && position < identityCount)
        var reader = reader(at: file.integer(at: number(.records) + position * 8))
        return reader.identity()
    }

    func position(_ lookup: IdentityTable.Lookup, _ digest: SHA256Digest) -> Int? {
        let (start, count) = section(lookup)
        return search(start, count, digest).map {
            file.integer(at: start + $0 * RegistryIndex.entryByteCount + SHA256Digest.byteCount)
        }
    }

    func entries(
        _ lookup: IdentityTable.Lookup
    ) -> [(digest: SHA256Digest, position: Int)] {
        let (start, count) = section(lookup)
        return (0..<count).map { index in
            let offset = start + index * RegistryIndex.entryByteCount
            return (digest(at: offset), file.integer(at: offset + SHA256Digest.byteCount))
        }
    }

    private func section(_ lookup: IdentityTable.Lookup) -> (start: Int, count: Int) {
        switch lookup {
        case .name: (number(.names), number(.nameCount))
        case .id: (number(.ids), number(.idCount))
        case .key: (number(.keys), number(.keyCount))
        case .skeleton: (number(.skeletons), number(.skeletonCount))
        case .former: (number(.formers), number(.formerCount))
        }
    }

    // MARK: The rest of the state

    func hasSignature(_ digest: SHA256Digest) -> Bool {
        search(number(.signatures), number(.signatureCount), digest) != nil
    }

    var signatures: [SHA256Digest] {
        (0..<number(.signatureCount)).map {
            digest(at: number(.signatures) + $0 * RegistryIndex.entryByteCount)
        }
    }

    var revokedKeys: [SHA256Digest: RegisteredVersion.State] {
        var reader = reader(at: number(.revoked))
        var revoked: [SHA256Digest: RegisteredVersion.State] = [:]
        for _ in 0..<number(.revokedCount) { revoked[reader.digest()] = reader.state() }
        return revoked
    }

    var groups: [KeyName: Set<KeyName>] {
        var reader = reader(at: number(.groups))
        var groups: [KeyName: Set<KeyName>] = [:]
        for _ in 0..<number(.groupCount) {
            let name = reader.name()
            groups[name] = Set((0..<reader.integer()).map { _ in reader.name() })
        }
        return groups
    }

    /// Statements of chains that begin before a known version.
    var earlier: [Statement] {
        var reader = reader(at: number(.earlier))
        return (0..<number(.earlierCount)).map { _ in reader.statement() }
    }

    private func digest(at offset: Int) -> SHA256Digest {
        file.withBytes(offset..<(offset + SHA256Digest.byteCount)) { SHA256Digest(exactly: $0) }
    }

    private func search(_ start: Int, _ count: Int, _ wanted: SHA256Digest) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            let found = digest(at: start + middle * RegistryIndex.entryByteCount)
            if found == wanted { return middle }
            if found < wanted { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private func reader(at offset: Int) -> IndexReader { IndexReader(file, offset) }
}
