public import CryptoCore

/// The Merkle tree of RFC 6962 § 2.1, stored as the roots of its full subtrees.
public struct MerkleTree: Sendable {
    private(set) var subtrees: [(leafCount: Int, root: SHA256Digest)] = []
    /// The number of leaves.
    public private(set) var count = 0

    /// Makes a tree without leaves.
    public init() {}

    /// Makes the tree with these full subtrees.
    init(subtrees: [(leafCount: Int, root: SHA256Digest)]) {
        self.subtrees = subtrees
        count = subtrees.reduce(0) { $0 + $1.leafCount }
    }

    /// Appends the hash of a leaf.
    public mutating func append(_ leaf: SHA256Digest) {
        var node = (leafCount: 1, root: leaf)
        while let left = subtrees.last, left.leafCount == node.leafCount {
            subtrees.removeLast()
            node = (left.leafCount * 2, MerkleTree.parent(left.root, node.root))
        }
        subtrees.append(node)
        count += 1
    }

    /// The root over all leaves.
    ///
    /// The root of an empty tree is the hash of no bytes.
    public var root: SHA256Digest {
        guard var root = subtrees.last?.root else { return SHA256Digest(hashing: []) }
        for left in subtrees.dropLast().reversed() { root = MerkleTree.parent(left.root, root) }
        return root
    }

    /// Returns the root over hashes of leaves.
    static func root(of leaves: ArraySlice<SHA256Digest>) -> SHA256Digest {
        var tree = MerkleTree()
        for leaf in leaves { tree.append(leaf) }
        return tree.root
    }

    /// The hash of a leaf, which is one line of a log without its end.
    public static func leafHash(_ line: some Sequence<UInt8>) -> SHA256Digest {
        SHA256Digest(hashing: [0] + line)
    }

    static func parent(_ left: SHA256Digest, _ right: SHA256Digest) -> SHA256Digest {
        SHA256Digest(hashing: [1] + left.bytes + right.bytes)
    }
}
