import CryptoCore
import KeyFormats
import Registry
import TestSupport
import Testing

/// What a logged signature proves, and to which registry.
struct SignatureLogTests {
    private let time = Timestamp(seconds: 1_700_000_000)
    private let digest = SHA256Digest(hashing: [1, 2, 3])

    private func register(
        _ state: inout RegistryState,
        _ name: String,
        _ key: RSAPrivateKey
    ) throws -> PublicKey {
        let publicKey = try PublicKey(key.publicKey)
        try state.apply(
            Statement(
                .register(name: KeyName(name), key: publicKey.spkiDER, expires: nil),
                time: time
            )
        )
        return publicKey
    }

    private func log(_ key: RSAPrivateKey, version: Int = 1) throws -> Statement {
        try LoggedSignature.statement(
            id: PublicKey(key.publicKey).identityID,
            version: version,
            digest: digest,
            key: key,
            time: time
        )
    }

    private func disown(_ name: String) throws -> Statement {
        try Statement(
            .disown(name: KeyName(name), version: 1, since: time, reason: "stolen"),
            time: time
        )
    }

    @Test func `nobody else's word counts for a signature of a revoked key`() throws {
        var state = RegistryState()
        let bob = try register(&state, "bob", TestKeys.all[0])
        _ = try register(&state, "mallory", TestKeys.all[1])
        try state.apply(disown("bob"))
        // Mallory logs the digest of a signature that a thief of bob's key made later.
        let statement = try log(TestKeys.all[1])
        let added = try state.statementsToFollow([statement])
        #expect(added == [statement])
        try state.apply(statement)
        let judgement = try #require(
            state.judgement(
                onKey: bob.spkiDER,
                signatureDigest: digest,
                knownToBeFrom: nil,
                at: time
            )
        )
        #expect(!judgement.verdict.isGood)
        // Bob's own key is refused, too, once it is revoked.
        #expect(throws: RegistryError.self) {
            _ = try state.statementsToFollow([try log(TestKeys.all[0])])
        }
        #expect(throws: RegistryError.self) { try state.apply(log(TestKeys.all[0])) }
    }

    @Test func `a log entry from before the revocation counts, and one of a removed name does not`()
        throws
    {
        var state = RegistryState()
        let bob = try register(&state, "bob", TestKeys.all[0])
        _ = try register(&state, "carol", TestKeys.all[2])
        try state.apply(log(TestKeys.all[0]))
        // The same statement again adds nothing.
        #expect(try state.statementsToFollow([log(TestKeys.all[0])]).isEmpty)
        try state.apply(disown("bob"))
        #expect(try state.statementsToFollow([log(TestKeys.all[0])]).isEmpty)
        let judgement = try #require(
            state.judgement(
                onKey: bob.spkiDER,
                signatureDigest: digest,
                knownToBeFrom: nil,
                at: time
            )
        )
        #expect(judgement.verdict == .loggedBeforeRevocation)
        try state.apply(Statement(.remove(name: KeyName("carol")), time: time))
        #expect(throws: RegistryError.self) { try state.apply(log(TestKeys.all[2])) }
    }

    @Test func `what was revoked stays so when the chain before it is learned later`() throws {
        var state = RegistryState()
        let first = try register(&state, "bob", TestKeys.all[0])
        try state.apply(disown("bob"))
        let second = try PublicKey(TestKeys.all[1].publicKey)
        try state.apply(
            Statement(.replace(name: KeyName("bob"), key: second.spkiDER, expires: nil), time: time)
        )
        let rotation = try Rotation.statement(
            id: first.identityID,
            from: 1,
            previous: first.identityID,
            old: TestKeys.all[0],
            new: TestKeys.all[1],
            expires: nil,
            time: time
        )
        for statement in try state.statementsToFollow([rotation]) { try state.apply(statement) }
        let judgement = state.judgement(
            onKey: first.spkiDER,
            signatureDigest: digest,
            knownToBeFrom: nil,
            at: time
        )
        #expect(judgement?.verdict.isGood != true)
    }

    @Test func `a revocation makes nothing good that was not so before`() throws {
        var state = RegistryState()
        let first = try register(&state, "bob", TestKeys.all[0])
        let later = Timestamp(seconds: time.seconds + 1_000)
        let rotation = try Rotation.statement(
            id: first.identityID,
            from: 1,
            previous: first.identityID,
            old: TestKeys.all[0],
            new: TestKeys.all[1],
            expires: nil,
            time: later
        )
        try state.apply(rotation)
        func verdict(at moment: Int64) -> Bool? {
            state.judgement(
                onKey: first.spkiDER,
                signatureDigest: digest,
                knownToBeFrom: Timestamp(seconds: moment),
                at: later
            )?.verdict.isGood
        }
        #expect(verdict(at: time.seconds + 10) == true)
        #expect(verdict(at: later.seconds + 10) == false)
        try state.apply(
            Statement(
                .disown(name: KeyName("bob"), version: 1, since: later, reason: "stolen"),
                time: Timestamp(seconds: later.seconds + 1_000)
            )
        )
        #expect(verdict(at: time.seconds + 10) == true)
        #expect(verdict(at: later.seconds + 10) == false)
        #expect(verdict(at: later.seconds + 5_000) == false)
    }
}
