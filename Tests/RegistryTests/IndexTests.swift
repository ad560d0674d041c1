import CryptoCore
import DurableFiles
import KeyFormats
import Registry
import TestSupport
import Testing

/// A registry's index gives the same state as replaying the lines, or is not used.
struct IndexTests {
    private static let nameCount = 2_500
    private let time = Timestamp(seconds: 1_750_000_000)

    /// Makes a key with a random modulus.
    ///
    /// No one has its private half, and no test needs it.
    private func key() throws -> [UInt8] {
        var modulus = try SecureRandom.bytes(count: 256)
        modulus[0] |= 0x80
        modulus[255] |= 1
        return try RSAPublicKey(modulus: modulus, exponent: [1, 0, 1]).spkiDERRepresentation()
    }

    private func statements() throws -> [Statement] {
        var statements = try (0..<IndexTests.nameCount).map { number in
            Statement(
                .register(name: try KeyName("n\(number)"), key: try key(), expires: nil),
                time: time
            )
        }
        let first = try TestKeys.all[0].publicKey.spkiDERRepresentation()
        let id = SHA256Digest(hashing: first)
        statements.append(
            Statement(.register(name: try KeyName("alice"), key: first, expires: time), time: time)
        )
        let rotation = try Rotation.statement(
            id: id,
            from: 1,
            previous: id,
            old: TestKeys.all[0],
            new: TestKeys.all[1],
            expires: nil,
            time: time
        )
        statements.append(rotation)
        statements.append(
            try Amendment.statement(
                .renew(expires: time),
                id: id,
                version: 2,
                previous: rotation.leafHash,
                key: TestKeys.all[1],
                time: time
            )
        )
        statements.append(
            try LoggedSignature.statement(
                id: id,
                version: 2,
                digest: SHA256Digest(hashing: [1]),
                key: TestKeys.all[1],
                time: time
            )
        )
        statements.append(
            try Revocation.statement(
                id: id,
                version: 1,
                key: TestKeys.all[0],
                since: nil,
                reason: "a test",
                time: time
            )
        )
        let lost = try TestKeys.all[3].publicKey.spkiDERRepresentation()
        let acts: [Statement.Act] = [
            .register(name: try KeyName("lost"), key: lost, expires: nil),
            .replace(name: try KeyName("lost"), key: try key(), expires: nil),
            .remove(name: try KeyName("n1")),
            .replace(name: try KeyName("n2"), key: try key(), expires: time),
            .assign(name: try KeyName("n3"), role: .admin),
            .disown(name: try KeyName("n4"), version: 1, since: time, reason: "gone"),
            .join(group: try KeyName("team"), name: try KeyName("n5")),
            .join(group: try KeyName("team"), name: try KeyName("alice")),
        ]
        return statements + acts.map { Statement($0, time: time) }
    }

    private func describe(_ registry: Registry) throws -> [String] {
        let team = try KeyName("team")
        let identities = registry.state.all.map { "\($0)" }
        let members = registry.state.members(ofGroup: team) ?? []
        return identities + ["\(members)", "\(registry.tree.root) \(registry.count)"]
    }

    @Test func `an index gives what replaying gives, and goes on`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("log")
        let all = try statements()
        var writer = try Registry(path: path)
        try writer.append(all)
        #expect(DurableFile.exists(path + ".index"))
        let indexed = try Registry(path: path)
        try DurableFile.remove(path + ".index")
        let replayed = try Registry(path: path)
        #expect(try describe(indexed) == describe(replayed))
        #expect(try describe(writer) == describe(replayed))
        #expect(try indexed.lines(0..<indexed.count) == all.map(\.line))

        // Search by name, id, key and look-alike. A replaced key is no longer found.
        let first = TestKeys.all[0].publicKey
        #expect(
            indexed.state.identity(id: SHA256Digest(hashing: try first.spkiDERRepresentation()))
                != nil
        )
        for number in [0, 1, 2, 7, IndexTests.nameCount - 1] {
            let name = try KeyName("n\(number)")
            let known = try #require(indexed.state.identity(name))
            #expect(indexed.state.identity(keyDER: known.latest.keyDER)?.name == name)
        }
        guard case .register(_, let old, _) = all[2].act else { return }
        #expect(indexed.state.identity(keyDER: old) == nil)
        guard case .register(_, let revoked, _) = all[4].act else { return }
        #expect(indexed.state.isRevoked(keyDER: revoked))
        let judgement = try indexed.state.judgement(
            onKey: TestKeys.all[1].publicKey.spkiDERRepresentation(),
            signatureDigest: SHA256Digest(hashing: [1]),
            knownToBeFrom: nil,
            at: time
        )
        #expect(judgement?.name.description == "alice")
        #expect(throws: RegistryError.self) {
            _ = try indexed.state.statementsToImport(
                PublicKey(TestKeys.all[2].publicKey),
                as: KeyName("a1ice"),
                replacing: false,
                at: time
            )
        }

        // A key from before a replacement can still be revoked, but only by its own signature.
        let former = try TestKeys.all[3].publicKey.spkiDERRepresentation()
        func revocation(by key: RSAPrivateKey) throws -> Statement {
            try Revocation.statement(
                id: SHA256Digest(hashing: former),
                version: 1,
                key: key,
                since: nil,
                reason: "",
                time: time
            )
        }
        for registry in [indexed, replayed] {
            let own = try revocation(by: TestKeys.all[3])
            #expect(try registry.state.statementsToFollow([own], at: time) == [own])
            #expect(throws: RegistryError.self) {
                _ = try registry.state.statementsToFollow([revocation(by: TestKeys.all[4])])
            }
            var state = registry.state
            try state.apply(own)
            #expect(state.isRevoked(keyDER: former))
            #expect(try state.statementsToFollow([own], at: time).isEmpty)
            #expect(
                state.holders(of: Fingerprint(of: TestKeys.all[3].publicKey)).first?.version
                    .isRevoked == true
            )
            #expect(try state.identity(KeyName("lost"))?.active != nil)
        }

        // Changes give the same state on top of the index and on top of the replayed log.
        var onIndex = indexed
        var onReplay = replayed
        let more = [
            Statement(.remove(name: try KeyName("n9")), time: time),
            Statement(
                .register(name: try KeyName("n1"), key: try keyOf("n1", replayed), expires: nil),
                time: time
            ),
        ]
        try onIndex.append(more)
        try onReplay.refresh()
        #expect(try describe(onIndex) == describe(onReplay))
    }

    private func keyOf(_ name: String, _ registry: Registry) throws -> [UInt8] {
        try #require(registry.state.identity(KeyName(name))).latest.keyDER
    }

    /// An attacker's index may have a right digest and numbers out of bounds.
    @Test func `an index with numbers out of bounds is not used, and ends nothing`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("log")
        var writer = try Registry(path: path)
        try writer.append(try statements())
        let index = try DurableFile.read(path + ".index", limit: 1 << 28)
        let (digestStart, headStart, headCount) = (16, 48, 29)
        let inHead = (0..<headCount).map { headStart + $0 * 8 }
        let inBody = stride(from: index.count / 12, to: index.count - 8, by: index.count / 12)
        let values = [Int.max, -1, 1 << 40, Int.min]
        for (number, offset) in (inHead + inBody).enumerated() {
            var changed = index
            let value = values[number % values.count]
            for byte in 0..<8 {
                changed[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
            }
            let digest = SHA256Digest(hashing: Array(changed[headStart...])).bytes
            changed.replaceSubrange(digestStart..<headStart, with: digest)
            try DurableFile.replace(path + ".index", with: changed.borrowedBytes)
            let registry = try Registry(path: path)
            #expect(registry.state.all.count == writer.state.all.count, "at \(offset)")
            #expect(try registry.lines(0..<registry.count).count == writer.count)
            _ = registry.state.members
        }
    }

    @Test func `a damaged, foreign or newer index is not used`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("log")
        var writer = try Registry(path: path)
        try writer.append(try statements())
        let whole = try describe(writer)
        let index = try DurableFile.read(path + ".index", limit: 1 << 28)
        for position in [0, 20, 60, 300, index.count / 2, index.count - 1] {
            var flipped = index
            flipped[position] ^= 1
            try DurableFile.replace(path + ".index", with: flipped.borrowedBytes)
            #expect(try describe(Registry(path: path)) == whole, "byte \(position)")
        }
        for count in [0, 10, 100, index.count - 1] {
            let part = Array(index.prefix(count))
            try DurableFile.replace(path + ".index", with: part.borrowedBytes)
            #expect(try describe(Registry(path: path)) == whole, "\(count) bytes")
        }
        // The log lost its end, like an older copy.
        try DurableFile.replace(path + ".index", with: index.borrowedBytes)
        let kept = try writer.lines(0..<(writer.count - 1))
        let shorter: [UInt8] = kept.flatMap { $0 + [0x0a] }
        try DurableFile.replace(path, with: shorter.borrowedBytes)
        #expect(try Registry(path: path).count == writer.count - 1)
    }
}
