internal import CryptoCore
internal import EncryptedFiles

@testable import AgeFiles
@testable import KeyFormats

/// Targets for files of the age format and for age keys.
enum AgeTargets {
    static let all = [header, armor, payload, keys]

    /// The header, whose stanzas an identity of each kind but scrypt tries to open.
    private static let header = FuzzTarget("age-header", seeds: headerSeeds) { bytes in
        let reader = try AgeReader(MemoryBytes(bytes, pieceByteCount: pieceByteCount))
        let header = reader.header
        let again = try FuzzFault.need("a header that was written cannot be read") {
            try AgeHeader.parse(header.encoded)
        }
        try FuzzFault.require(
            again?.byteCount == header.encoded.count && again?.header.encoded == header.encoded,
            "a header reads back as another"
        )
        let identities: [any AgeIdentity] = try [
            ageIdentity(), hybridIdentity(),
            AgeSSHRSA.Identity(FuzzKeys.alice, name: "alice"),
        ]
        // Unit tests check the costs of scrypt. Here only the code before them runs.
        if header.stanzas.count <= largestTriedStanzaCount,
            let opening = try? reader.open(identities)
        {
            try? reader.decrypt(opening.fileKey.bytes, to: CollectedBytes())
        }
        return header.encoded
    }

    /// The armor alone: lines in, bytes out.
    private static let armor = FuzzTarget("age-armor", seeds: armorSeeds) { bytes in
        let source = AgeArmorDecoder(MemoryBytes(bytes, pieceByteCount: pieceByteCount))
        let content = try all(of: source)
        let sink = CollectedBytes()
        let encoder = AgeArmorEncoder(sink)
        try encoder.write(content.borrowedBytes)
        try encoder.finish()
        let again = try FuzzFault.need("armor that was written cannot be read") {
            try all(of: AgeArmorDecoder(MemoryBytes(sink.content)))
        }
        try FuzzFault.require(again == content, "armor reads back as other bytes")
        return content
    }

    /// The payload as a list of chunks.
    ///
    /// They are sealed here, because a fuzzer cannot guess a tag.
    ///
    /// For each chunk, the input has two bytes of length and one byte. The lowest bit of that byte
    /// marks the last chunk; the other bits give the distance of its number from the expected one.
    private static let payload = FuzzTarget(
        "age-payload",
        largestByteCount: 64,
        leastDecodedPercent: 1,
        seeds: { _ in [[0, 0, 1], [0, 5, 1], [0xff, 0xff, 1]] },
        decode: { bytes in
            let source = MemoryBytes(try AgePayloadSeed.sealed(bytes), pieceByteCount: 1 << 16)
            let sink = CollectedBytes()
            let fileKey = AgePayloadSeed.fileKey
            var reader = try AgePayloadReader(source, fileKey: fileKey.borrowedBytes)
            while try reader.next({ try sink.write($0) }) {}
            return bytes + Array("\(sink.content.count)".utf8)
        }
    )

    /// Recipients and identities of age's own kinds, and the lines of an identity file.
    private static let keys = FuzzTarget("age-keys", seeds: keySeeds) { bytes in
        let written = keyText(bytes)
        let text = String(decoding: written, as: UTF8.self)
        if let kind = RecipientKinds.kind(ofRecipient: text), kind is any AgeKeyKind,
            let recipient = try? kind.recipient(text)
        {
            try FuzzFault.require(recipient.text == text, "a recipient reads back as another")
            return Array(recipient.text.utf8)
        }
        let identities = try AgeIdentityFile.identities(in: written.borrowedBytes, name: "file")
        return Array(identities.compactMap(\.recipientText).joined(separator: "\n").utf8)
    }

    /// The text of a key, which gets its checksum here: no fuzzer guesses one.
    ///
    /// 32 bytes are a secret key of X25519, 33 the seed of a post-quantum key behind a byte that
    /// does not count, and 1,216 a post-quantum recipient; other bytes are the text itself.
    private static func keyText(_ bytes: [UInt8]) -> [UInt8] {
        switch bytes.count {
        case FuzzWorld.ageSecret.count: secretText("age-secret-key-", bytes)
        case FuzzWorld.ageSecret.count + 1:
            secretText("age-secret-key-pq-", Array(bytes.dropFirst()))
        case hybridKeyByteCount: Array(Bech32.encode(prefix: "age1pq", bytes).utf8)
        default: bytes
        }
    }

    private static func secretText(_ prefix: String, _ secret: [UInt8]) -> [UInt8] {
        Bech32.secretText(prefix: prefix, secret.borrowedBytes).publicBytes
    }

    private static let hybridKeyByteCount = 1_216
    private static let pieceByteCount = 97
    private static let largestTriedStanzaCount = 16

    private static func all(of source: AgeArmorDecoder) throws -> [UInt8] {
        var content: [UInt8] = []
        var room = SecretBuffer(count: pieceByteCount)
        while true {
            let count = try room.withMutableBytes(0..<room.count) { try source.read(into: &$0) }
            guard count > 0 else { return content }
            content += SecretBytes(copying: room.bytes.extracting(first: count)).publicBytes
        }
    }

    // MARK: Seeds

    private static func file(
        for recipients: [any AgeRecipient],
        _ content: [UInt8] = Array("hello".utf8)
    ) throws -> [UInt8] {
        let sink = CollectedBytes()
        try AgeFile.encrypt(MemoryBytes(content), to: sink, for: recipients)
        return sink.content
    }

    private static func ageIdentity() throws -> AgeX25519.Identity {
        let secret = FuzzWorld.ageSecret
        return try AgeX25519.Identity(secret: secret.borrowedBytes)
    }

    private static func hybridIdentity() throws -> AgeHybrid.Identity {
        let seed = FuzzWorld.ageSecret
        return try AgeHybrid.Identity(seed: seed.borrowedBytes)
    }

    private static func recipient() throws -> AgeX25519.Recipient {
        try ageIdentity().recipient
    }

    @Sendable private static func headerSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let rsa = AgeSSHRSA.Recipient(world.aliceKey, name: "alice")
        let scrypt = AgeScrypt.Recipient(FuzzKeys.passphrase, workFactor: 1)
        let fileKey = AgePayloadSeed.fileKey
        let odd = try AgeHeader(
            [
                AgeStanza(type: "joint", arguments: ["a", "b"], body: []),
                AgeStanza(type: "x", arguments: [], body: [UInt8](repeating: 7, count: 48)),
            ],
            fileKey: fileKey.borrowedBytes
        )
        return [
            try file(for: [recipient()]), try file(for: [rsa, recipient()]),
            try file(for: [scrypt]), odd.encoded, try armored(file(for: [recipient()])),
            try file(for: [hybridIdentity().recipient]),
        ]
    }

    private static func armored(_ content: [UInt8]) throws -> [UInt8] {
        let sink = CollectedBytes()
        let encoder = AgeArmorEncoder(sink)
        try encoder.write(content.borrowedBytes)
        try encoder.finish()
        return sink.content
    }

    @Sendable private static func armorSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        [
            try armored(Array("age".utf8)), try armored([UInt8](repeating: 9, count: 96)),
            Array(" \n\t\n".utf8) + (try armored(Array(0..<100))) + Array("\r\n \n".utf8),
        ]
    }

    @Sendable private static func keySeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let identity = try ageIdentity()
        let hybrid = try hybridIdentity().recipient.text
        let secret = String(
            decoding: secretText("age-secret-key-", FuzzWorld.ageSecret),
            as: UTF8.self
        )
        return [
            Array(identity.name.utf8), Array("# made\n\(secret)\n\n\(secret)\r\n".utf8),
            FuzzWorld.ageSecret, Array(hybrid.utf8), [0] + FuzzWorld.ageSecret,
            hybridKey(hybrid),
        ]
    }

    private static func hybridKey(_ text: String) -> [UInt8] {
        Bech32.publicKey(text, prefix: "age1pq", byteCount: hybridKeyByteCount) ?? []
    }
}
