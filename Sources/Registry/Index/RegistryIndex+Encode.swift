internal import CryptoCore
internal import KeyFormats

extension RegistryIndex {
    /// The content of an index.
    struct Content {
        let state: RegistryState
        let tree: MerkleTree
        let lineEnds: [Int]
        let lastLeaf: SHA256Digest
        let covered: (count: Int, root: SHA256Digest)?
    }

    /// Returns the bytes of the file.
    static func encode(_ content: Content) -> [UInt8] {
        let start = headByteCount + Field.allCases.count * 8
        var fields = [Int](repeating: 0, count: Field.allCases.count)
        var body = IndexWriter()
        func begin(_ field: Field) { fields[field.rawValue] = start + body.bytes.count }
        func set(_ field: Field, _ value: Int) { fields[field.rawValue] = value }

        set(.lineCount, content.lineEnds.count)
        set(.logByteCount, content.lineEnds.last ?? 0)
        set(.lastLineStart, content.lineEnds.dropLast().last ?? 0)
        set(.identityCount, content.state.table.count)
        set(.coveredCount, content.covered?.count ?? -1)
        begin(.coveredRoot)
        body.add(content.covered?.root ?? content.tree.root)
        begin(.lastLeaf)
        body.add(content.lastLeaf)
        begin(.subtrees)
        set(.subtreeCount, content.tree.subtrees.count)
        for subtree in content.tree.subtrees {
            body.add(subtree.leafCount)
            body.add(subtree.root)
        }
        begin(.lineEnds)
        for end in content.lineEnds { body.add(end) }

        for (lookup, count, place) in [
            (IdentityTable.Lookup.name, Field.nameCount, Field.names), (.id, .idCount, .ids),
            (.key, .keyCount, .keys), (.skeleton, .skeletonCount, .skeletons),
            (.former, .formerCount, .formers),
        ] {
            let entries = content.state.table.entries(lookup)
            begin(place)
            set(count, entries.count)
            body.add(entries)
        }
        let signatures = content.state.allLoggedSignatures.sorted()
        begin(.signatures)
        set(.signatureCount, signatures.count)
        body.add(signatures.map { ($0, 0) })
        begin(.revoked)
        set(.revokedCount, content.state.revokedKeys.count)
        for (key, state) in content.state.revokedKeys {
            body.add(key)
            body.add(state)
        }
        begin(.groups)
        set(.groupCount, content.state.groups.count)
        for (group, names) in content.state.groups {
            body.add(group.description)
            body.add(names.count)
            for name in names { body.add(name.description) }
        }
        begin(.earlier)
        let earlier = content.state.earlierStatements
        set(.earlierCount, earlier.count)
        for statement in earlier { body.add(statement.line) }

        var records = IndexWriter()
        var offsets: [Int] = []
        let recordsStart = start + body.bytes.count + content.state.table.count * 8
        for position in 0..<content.state.table.count {
            offsets.append(recordsStart + records.bytes.count)
            records.add(content.state.table[position])
        }
        begin(.records)
        for offset in offsets { body.add(offset) }

        var head = IndexWriter()
        for field in fields { head.add(field) }
        let content = head.bytes + body.bytes + records.bytes
        return magic + SHA256Digest(hashing: content).bytes + content
    }
}
