public import CryptoCore

/// Proofs over the Merkle tree of RFC 6962 § 2.1: that a leaf is in a tree, and that a tree
/// continues an older tree.
public enum MerkleProof {
    // MARK: Checking

    /// Returns whether `proof` leads from a leaf's hash at `index` to the root of a tree of `size`
    /// leaves (RFC 9162 § 2.1.3.2).
    public static func isIncluded(
        _ leaf: SHA256Digest,
        at index: UInt64,
        size: UInt64,
        root: SHA256Digest,
        proof: [SHA256Digest]
    ) -> Bool {
        guard index < size else { return false }
        var (position, last) = (index, size - 1)
        var node = leaf
        for sibling in proof {
            guard last > 0 else { return false }
            if position & 1 == 1 || position == last {
                node = MerkleTree.parent(sibling, node)
                // A node without a right sibling rises unchanged.
                while position & 1 == 0, position > 0 {
                    position >>= 1
                    last >>= 1
                }
            } else {
                node = MerkleTree.parent(node, sibling)
            }
            position >>= 1
            last >>= 1
        }
        return last == 0 && node == root
    }

    /// Returns whether `proof` shows that a tree of `newSize` leaves continues the one of `oldSize`
    /// leaves (RFC 9162 § 2.1.4.2).
    ///
    /// The result is `false` for an old tree without leaves: every tree continues it, so no proof
    /// exists. A caller that starts from nothing needs no proof.
    public static func isConsistent(
        oldSize: UInt64,
        oldRoot: SHA256Digest,
        newSize: UInt64,
        newRoot: SHA256Digest,
        proof: [SHA256Digest]
    ) -> Bool {
        // RFC 9162 § 2.1.4: 0 < m < n. Two trees of one size are compared by their roots.
        guard oldSize > 0, oldSize <= newSize else { return false }
        if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
        var rest = proof[...]
        var (position, last) = (oldSize - 1, newSize - 1)
        while position & 1 == 1 {
            position >>= 1
            last >>= 1
        }
        // A complete subtree is its own beginning, so the proof leaves its root out.
        var old = oldRoot
        if position > 0 {
            guard let first = rest.popFirst() else { return false }
            old = first
        }
        var new = old
        for sibling in rest {
            guard last > 0 else { return false }
            if position & 1 == 1 || position == last {
                old = MerkleTree.parent(sibling, old)
                new = MerkleTree.parent(sibling, new)
                while position & 1 == 0, position > 0 {
                    position >>= 1
                    last >>= 1
                }
            } else {
                new = MerkleTree.parent(new, sibling)
            }
            position >>= 1
            last >>= 1
        }
        return last == 0 && old == oldRoot && new == newRoot
    }

    // MARK: Making

    /// Returns the root of the tree over hashes of leaves.
    public static func root(of leaves: ArraySlice<SHA256Digest>) -> SHA256Digest {
        MerkleTree.root(of: leaves)
    }

    /// Returns the proof that the leaf at `index` is in the tree over `leaves` (RFC 6962 § 2.1.1).
    public static func inclusion(
        of index: Int,
        in leaves: ArraySlice<SHA256Digest>
    ) -> [SHA256Digest] {
        precondition(leaves.indices.contains(leaves.startIndex + index))
        guard leaves.count > 1 else { return [] }
        let split = leaves.startIndex + largestPowerOfTwo(below: leaves.count)
        let (left, right) = (leaves[..<split], leaves[split...])
        return index < left.count
            ? inclusion(of: index, in: left) + [MerkleTree.root(of: right)]
            : inclusion(of: index - left.count, in: right) + [MerkleTree.root(of: left)]
    }

    /// Returns the proof that the tree over `leaves` continues the tree over its first `oldCount`
    /// leaves (RFC 6962 § 2.1.2).
    public static func consistency(
        from oldCount: Int,
        in leaves: ArraySlice<SHA256Digest>
    ) -> [SHA256Digest] {
        precondition((1...leaves.count).contains(oldCount))
        guard oldCount < leaves.count else { return [] }
        return subproof(oldCount, leaves, isWhole: true)
    }

    private static func subproof(
        _ count: Int,
        _ leaves: ArraySlice<SHA256Digest>,
        isWhole: Bool
    ) -> [SHA256Digest] {
        guard count < leaves.count else { return isWhole ? [] : [MerkleTree.root(of: leaves)] }
        let split = largestPowerOfTwo(below: leaves.count)
        let (left, right) = (leaves.prefix(split), leaves.dropFirst(split))
        return count <= split
            ? subproof(count, left, isWhole: isWhole) + [MerkleTree.root(of: right)]
            : subproof(count - split, right, isWhole: false) + [MerkleTree.root(of: left)]
    }

    private static func largestPowerOfTwo(below count: Int) -> Int {
        1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}
