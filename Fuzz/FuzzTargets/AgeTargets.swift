internal import CryptoCore
internal import EncryptedFiles

@testable import AgeFiles
@testable import KeyFormats

/// Files of the age format, and the keys of age.
enum AgeTargets {
    static let all = [header, armor, payload, keys]

    /// The header, whose stanzas three kinds of identity try to open.
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
            ageIdentity(),
            AgeSSHRSA.Identity(FuzzKeys.alice, name: "alice"),
        ]
        // The costs of scrypt are for the unit tests: here only what stands before them.
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

    /// The payload as a list of chunks, which are sealed here: no fuzzer guesses a tag.
    ///
    /// Input: for each chunk two bytes of length, one byte whose lowest bit marks the last chunk and
    /// whose other bits say how far its number is from the one that is due.
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

    /// `age1…`, `AGE-SECRET-KEY-1…`, and the lines of an identity file.
    private static let keys = FuzzTarget("age-keys", seeds: keySeeds) { bytes in
        // 32 bytes are a secret key, whose text gets its checksum here.
        let written = bytes.count == FuzzWorld.ageSecret.count ? secretText(bytes) : bytes
        let text = String(decoding: written, as: UTF8.self)
        if let recipient = try? AgeX25519.Recipient(text) {
            try FuzzFault.require(recipient.name == text, "a recipient reads back as another")
            return Array(recipient.name.utf8)
        }
        let identities = try IdentityFile.ageLines(written.borrowedBytes, "file")
        let names = identities.compactMap { ($0 as? AgeX25519.Identity)?.name }
        return Array(names.joined(separator: "\n").utf8)
    }

    private static func secretText(_ secret: [UInt8]) -> [UInt8] {
        Array(Bech32.encode(prefix: "age-secret-key-", secret).uppercased().utf8)
    }

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
        let secret = String(decoding: secretText(FuzzWorld.ageSecret), as: UTF8.self)
        return [
            Array(identity.name.utf8), Array("# made\n\(secret)\n\n\(secret)\r\n".utf8),
            FuzzWorld.ageSecret,
        ]
    }
}
