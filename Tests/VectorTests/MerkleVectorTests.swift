import CryptoCore
import Foundation
import Registry
import Testing

@Suite(.enabled(if: VectorFolder.isThereOrRequired))
struct MerkleVectorTests {
    typealias Fields = [String: Any]
    private static let fields: [String: Set<String>] = [
        "inclusion": ["leafIdx", "treeSize", "root", "leafHash", "proof", "desc", "wantErr"],
        "consistency": ["size1", "size2", "root1", "root2", "proof", "desc", "wantErr"],
    ]

    @Test func `every proof is taken or refused as it should be`() throws {
        for (kind, known) in MerkleVectorTests.fields.sorted(by: { $0.key < $1.key }) {
            var tally = Tally(name: "merkle/\(kind)")
            let folder = try #require(VectorFolder.path) + "/merkle/\(kind)"
            let paths = try #require(FileManager.default.subpaths(atPath: folder))
                .filter { $0.hasSuffix(".json") }
            for path in paths {
                let data = try Data(contentsOf: URL(filePath: "\(folder)/\(path)"))
                let fields = try #require(JSONSerialization.jsonObject(with: data) as? Fields)
                try #require(Set(fields.keys).isSubset(of: known), "\(path)")
                let isTaken = kind == "inclusion" ? inclusion(fields) : consistency(fields)
                let isWrong = try #require(fields["wantErr"] as? Bool)
                #expect(isTaken == !isWrong, "\(kind)/\(path)")
                tally.ran += 1
            }
            #expect(tally.ran == paths.count && tally.ran > 0)
            tally.report()
        }
    }

    private func inclusion(_ fields: Fields) -> Bool {
        guard let leaf = digest(fields["leafHash"]), let root = digest(fields["root"]),
            let index = number(fields["leafIdx"]), let size = number(fields["treeSize"]),
            let proof = proof(fields)
        else { return false }
        return MerkleProof.isIncluded(leaf, at: index, size: size, root: root, proof: proof)
    }

    private func consistency(_ fields: Fields) -> Bool {
        guard let old = sharedRoot(fields["root1"]), let new = sharedRoot(fields["root2"]),
            let oldSize = number(fields["size1"]), let newSize = number(fields["size2"]),
            let proof = proof(fields)
        else { return false }
        return MerkleProof.isConsistent(
            oldSize: oldSize,
            oldRoot: old,
            newSize: newSize,
            newRoot: new,
            proof: proof
        )
    }

    private func number(_ value: Any?) -> UInt64? {
        (value as? NSNumber).flatMap { UInt64($0.stringValue) }
    }

    private func digest(_ value: Any?) -> SHA256Digest? {
        (value as? String).flatMap { Base64.decode($0) }.flatMap { SHA256Digest(bytes: $0) }
    }

    /// Returns a root that two trees share.
    ///
    /// One vector has roots of another length, which a digest here cannot have; another digest that
    /// is equal only to itself takes its place.
    private func sharedRoot(_ value: Any?) -> SHA256Digest? {
        digest(value) ?? (value as? String).map { SHA256Digest(hashing: Array($0.utf8)) }
    }

    private func proof(_ fields: Fields) -> [SHA256Digest]? {
        let texts = fields["proof"] as? [Any] ?? []
        let digests = texts.compactMap(digest)
        return digests.count == texts.count ? digests : nil
    }

    @Test func `a consistency proof from an empty tree is refused`() {
        let (empty, root) = (MerkleTree().root, SHA256Digest(hashing: [0, 1]))
        for newSize: UInt64 in [0, 1, 8] {
            #expect(
                !MerkleProof.isConsistent(
                    oldSize: 0,
                    oldRoot: empty,
                    newSize: newSize,
                    newRoot: newSize == 0 ? empty : root,
                    proof: []
                )
            )
        }
    }

    @Test func `what is proved here is taken, and nothing else`() {
        let leaves = (0..<40).map { SHA256Digest(hashing: [0, UInt8($0)]) }
        for count in 1...leaves.count {
            let tree = leaves[..<count]
            let root = MerkleProof.root(of: tree)
            for index in 0..<count {
                let proof = MerkleProof.inclusion(of: index, in: tree)
                let (place, size) = (UInt64(index), UInt64(count))
                func isIn(_ leaf: SHA256Digest, _ place: UInt64, _ proof: [SHA256Digest]) -> Bool {
                    MerkleProof.isIncluded(leaf, at: place, size: size, root: root, proof: proof)
                }
                #expect(isIn(leaves[index], place, proof))
                #expect(!isIn(SHA256Digest(hashing: []), place, proof))
                #expect(!isIn(leaves[index], place + 1, proof))
                #expect(!isIn(leaves[index], place, proof + [root]))
            }
            for old in 1...count {
                let proof = MerkleProof.consistency(from: old, in: tree)
                let oldRoot = MerkleProof.root(of: leaves[..<old])
                func follows(_ oldRoot: SHA256Digest, _ proof: [SHA256Digest]) -> Bool {
                    MerkleProof.isConsistent(
                        oldSize: UInt64(old),
                        oldRoot: oldRoot,
                        newSize: UInt64(count),
                        newRoot: root,
                        proof: proof
                    )
                }
                #expect(follows(oldRoot, proof))
                #expect(!follows(SHA256Digest(hashing: []), proof))
                #expect(!follows(oldRoot, proof + [root]))
            }
        }
    }
}
