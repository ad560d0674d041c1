import CryptoCore
import DurableFiles
import Foundation
import KeyFormats
import Registry
import TestSupport
import Testing

struct LogTests {
    private func statements() throws -> [Statement] {
        try ["alice", "bob", "carol"].enumerated().map { index, name in
            Statement(
                .register(
                    name: try KeyName(name),
                    key: try TestKeys.all[index].publicKey.spkiDERRepresentation(),
                    expires: nil
                ),
                time: Timestamp(seconds: 1_750_000_000)
            )
        }
    }

    @Test func `cut anywhere, the log keeps its whole lines and goes on after them`() throws {
        let folder = try TemporaryFolder()
        var registry = try Registry(path: folder.file("log"))
        try registry.append(statements())
        let whole = try folder.read("log")
        let ends = whole.indices.filter { whole[$0] == 0x0a }
        for cut in stride(from: 0, through: whole.count, by: 97) {
            try DurableFile.replace(
                folder.file("log"),
                with: Array(whole.prefix(cut)).borrowedBytes
            )
            var torn = try Registry(path: folder.file("log"))
            let kept = ends.count { $0 < cut }
            #expect(torn.count == kept)
            #expect(torn.hasTornTail == (cut > 0 && whole[cut - 1] != 0x0a))
            try torn.append(Array(statements().dropFirst(kept)))
            #expect(try folder.read("log") == whole)
        }
    }

    @Test func `the tree is that of RFC 6962`() {
        func root(_ leaves: ArraySlice<SHA256Digest>) -> SHA256Digest {
            guard leaves.count > 1, let first = leaves.first else {
                return leaves.first ?? SHA256Digest(hashing: [])
            }
            _ = first
            var split = 1
            while split * 2 < leaves.count { split *= 2 }
            let middle = leaves.startIndex + split
            return SHA256Digest(
                hashing: [1] + root(leaves[..<middle]).bytes + root(leaves[middle...]).bytes
            )
        }
        var tree = MerkleTree()
        var leaves: [SHA256Digest] = []
        for number in 0..<130 {
            #expect(tree.root == root(leaves[...]))
            leaves.append(SHA256Digest(hashing: [0, UInt8(number)]))
            tree.append(leaves[number])
        }
    }

    @Test func `a checkpoint is bound to its owner, size, root and key`() throws {
        var tree = MerkleTree()
        for statement in try statements() { tree.append(statement.leafHash) }
        let owner = SHA256Digest(hashing: [7])
        let key = try PublicKey(TestKeys.all[0].publicKey)
        let note = try Checkpoint(owner: owner, tree: tree).note(signedBy: TestKeys.all[0])
        let read = try Checkpoint(note: note, owner: owner, key: key)
        #expect(read.count == 3 && read.root == tree.root)
        #expect(throws: RegistryError.self) {
            _ = try Checkpoint(note: note, owner: SHA256Digest(hashing: [8]), key: key)
        }
        #expect(throws: RegistryError.self) {
            _ = try Checkpoint(
                note: note,
                owner: owner,
                key: PublicKey(TestKeys.all[1].publicKey)
            )
        }
        for index in note.indices {
            var changed = note
            changed[index] ^= 1
            #expect(throws: RegistryError.self) {
                _ = try Checkpoint(note: changed, owner: owner, key: key)
            }
        }
    }

    @Test func `a log that lost a signed line is refused`() throws {
        let folder = try TemporaryFolder()
        var registry = try Registry(path: folder.file("log"))
        try registry.append(statements())
        let note = try Checkpoint(owner: SHA256Digest(hashing: [7]), tree: registry.tree)
            .note(signedBy: TestKeys.all[0])
        try DurableFile.replace(folder.file("checkpoint"), with: note.borrowedBytes)
        _ = try Registry(path: folder.file("log"), checkpointPath: folder.file("checkpoint"))
        let lines: [UInt8] = try registry.lines(0..<(registry.count - 1)).flatMap { $0 + [0x0a] }
        try DurableFile.replace(folder.file("log"), with: lines.borrowedBytes)
        #expect(throws: RegistryError.self) {
            _ = try Registry(path: folder.file("log"), checkpointPath: folder.file("checkpoint"))
        }
    }
}
