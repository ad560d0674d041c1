import CryptoCore
import KeyFormats
import Registry
import TestSupport
import Testing

/// Whether a key may be used for something at a moment.
struct KeyUseTests {
    private static let now = Timestamp(seconds: 1_750_000_000)
    private let alice: KeyName

    init() throws { alice = try KeyName("alice") }

    private func spki(_ index: Int) throws -> [UInt8] {
        try TestKeys.all[index].publicKey.spkiDERRepresentation()
    }

    private func registry(expires: Timestamp? = nil) throws -> RegistryState {
        var state = RegistryState()
        let act = Statement.Act.register(name: alice, key: try spki(0), expires: expires)
        try state.apply(Statement(act, time: KeyUseTests.now))
        return state
    }

    private func step(to next: Int) throws -> Statement {
        let id = SHA256Digest(hashing: try spki(0))
        return try Rotation.statement(
            id: id,
            from: 1,
            previous: id,
            old: TestKeys.all[0],
            new: TestKeys.all[next],
            expires: nil,
            time: KeyUseTests.now
        )
    }

    /// Returns the allowed uses of a version of alice's in a registry.
    private func uses(_ state: RegistryState, version: Int = 1) throws -> Set<KeyUse> {
        let identity = try #require(state.identity(alice))
        let version = try #require(identity.version(version))
        return Set(
            KeyUse.allCases.filter { identity.allows($0, by: version, at: KeyUseTests.now) }
        )
    }

    @Test func `each standing allows its uses and no others`() throws {
        #expect(try uses(registry()) == Set(KeyUse.allCases))

        let expired: Set<KeyUse> = [
            .change, .stay, .serve, .verify, .checkpoint, .oldCheckpoint,
        ]
        #expect(try uses(registry(expires: KeyUseTests.now)) == expired)
        let later = KeyUseTests.now.adding(seconds: 1)
        #expect(try uses(registry(expires: later)) == Set(KeyUse.allCases))

        var rotated = try registry()
        try rotated.apply(step(to: 1))
        #expect(try uses(rotated, version: 1) == [.stay, .verify, .oldCheckpoint])
        #expect(try uses(rotated, version: 2) == Set(KeyUse.allCases))

        var revoked = rotated
        for version in 1...2 {
            let act = Statement.Act.disown(name: alice, version: version, since: nil, reason: "")
            try revoked.apply(Statement(act, time: KeyUseTests.now))
            #expect(try uses(revoked, version: version).isEmpty)
        }

        var removed = rotated
        try removed.apply(Statement(.remove(name: alice), time: KeyUseTests.now))
        for version in 1...2 { #expect(try uses(removed, version: version).isEmpty) }
    }

    @Test func `a fork leaves what the version before it signed, and nothing else`() throws {
        var forked = try registry()
        try forked.apply(step(to: 1))
        try forked.apply(step(to: 2))
        #expect(try uses(forked, version: 1) == [.verify])
        #expect(try uses(forked, version: 2).isEmpty)
        #expect(forked.identity(alice)?.version(for: .encrypt, at: KeyUseTests.now) == nil)
    }

    @Test func `a judgement without a time agrees with the table`() throws {
        var forked = try registry()
        try forked.apply(step(to: 1))
        let rotated = forked
        try forked.apply(step(to: 2))
        var revoked = rotated
        let act = Statement.Act.disown(name: alice, version: 1, since: nil, reason: "")
        try revoked.apply(Statement(act, time: KeyUseTests.now))
        for state in try [registry(), registry(expires: KeyUseTests.now), rotated, forked, revoked]
        {
            for version in try #require(state.identity(alice)).versions {
                let judgement = state.judgement(
                    onKey: version.keyDER,
                    signatureDigest: SHA256Digest(hashing: []),
                    knownToBeFrom: nil,
                    at: KeyUseTests.now
                )
                let isAllowed = try uses(state, version: version.number).contains(.verify)
                #expect(judgement?.verdict.isGood == isAllowed)
            }
        }
    }
}
