internal import CryptoCore

@testable import KeyFormats

/// Targets for key files of every format: PEM and DER shapes, OpenSSH, JWK, PKCS#12.
enum KeyFileTargets {
    /// The largest number of iterations that the fuzzer opens, so that opening costs little.
    static let largestIterationCount: UInt64 = 1_000

    static let all: [FuzzTarget] = [
        target("public-key", ["pem", "der"]),
        target("pkcs1", ["pkcs1", "pkcs1-der"]),
        FuzzTarget("pkcs8", seeds: pkcs8Seeds) { try content(of: $0, ["pkcs8", "pkcs8-der"]) },
        target("certificate", ["certificate", "certificate-der"], ["pkcs8"]),
        FuzzTarget("openssh-public", seeds: lineSeeds) { try content(of: $0, ["ssh", "rfc4716"]) },
        FuzzTarget("openssh-lists", seeds: listSeeds) {
            try content(of: $0, ["authorized-keys", "allowed-signers"])
        },
        FuzzTarget("openssh-private", seeds: openSSHSeeds) { try content(of: $0, ["openssh"]) },
        FuzzTarget(
            "legacy-pem",
            seeds: { _ in [LegacyPEMSeed.text] },
            decode: { bytes in
                let headers = try PEM.headers(of: bytes.borrowedBytes)
                let vector = headers?.fields["DEK-Info"].map { Array($0.utf8) } ?? []
                return try content(of: bytes, ["pkcs1"]).map { $0 + vector + (headers?.body ?? []) }
            }
        ),
        FuzzTarget("jwk", seeds: jwkSeeds) { try content(of: $0, ["jwk", "jwks"]) },
        // An input that no format recognises is named here, so all formats are asked.
        FuzzTarget("key-file", leastDecodedPercent: 5, seeds: mixedSeeds) { bytes in
            try content(of: KeyFormats.decode(bytes.borrowedBytes).entries)
        },
    ]

    /// Returns a file of alice's private key in a format.
    static func encode(_ format: String) throws -> [UInt8] {
        try encode(.privateKey(FuzzKeys.alice), format)
    }

    private static func target(
        _ name: String,
        _ formats: [String],
        _ kinds: Set<String> = ["pkcs8", "spki"]
    ) -> FuzzTarget {
        FuzzTarget(
            name,
            seeds: { world in
                try formats.flatMap { format in
                    var seeds: [[UInt8]] = []
                    if kinds.contains("spki") {
                        seeds.append(try encode(.publicKey(world.aliceKey), format))
                    }
                    if kinds.contains("pkcs8"), format != "pem", format != "der" {
                        seeds.append(try encode(.privateKey(FuzzKeys.alice), format))
                    }
                    return seeds
                }
            },
            decode: { try content(of: $0, formats) }
        )
    }

    /// Returns what the first of these formats makes of the bytes that it recognises.
    private static func content(of bytes: [UInt8], _ formats: [String]) throws -> [UInt8]? {
        for format in formats.compactMap(KeyFormats.named) where format.probe(bytes.borrowedBytes) {
            let entries = try format.decode(bytes.borrowedBytes)
            try requireRoundTrip(entries, format)
            return try content(of: entries)
        }
        return nil
    }

    /// Checks that written keys are the same when they are read again.
    private static func requireRoundTrip(
        _ entries: [KeyEntry],
        _ format: any KeyFormat
    ) throws(FuzzFault) {
        guard !format.content.needsSigner,
            let written = try? format.encode(entries, KeyEncoding(time: FuzzWorld.start))
        else { return }
        let again = try FuzzFault.need("what was written cannot be read") {
            try format.decode(written.bytes)
        }
        try FuzzFault.require(
            again.map { $0.publicKey?.spkiDER } == entries.map { $0.publicKey?.spkiDER },
            "what was written holds other keys"
        )
    }

    /// Uses the decoded keys, and returns them in a canonical form.
    private static func content(of entries: [KeyEntry]) throws -> [UInt8] {
        var content: [UInt8] = []
        for entry in entries {
            content += Array(Printable.text(entry.name, limit: 80).utf8)
            if let key = entry.publicKey {
                content += key.spkiDER
                _ = (key.fingerprint.description, key.jwkThumbprint, key.openSSHLine)
                _ = (key.fingerprintWords, key.randomart, try key.insecureMD5Fingerprint())
            }
            switch entry.material {
            case .publicKey: break
            case .privateKey(let key): _ = try key.signature(over: content)
            case .otherKind(let kind): content += Array(kind.utf8)
            case .lockedPrivateKey(let locked):
                content += Array(locked.protection.utf8)
                if let sealed = (locked as? LockedPKCS8)?.sealed {
                    content += sealed.algorithm.algorithmIdentifier
                }
                guard let plain = try opened(locked) else { continue }
                content += try plain.publicKey.spkiDERRepresentation()
            }
        }
        return content
    }

    /// Opens a key if that is cheap and the passphrase fits.
    private static func opened(_ locked: any LockedPrivateKey) throws -> RSAPrivateKey? {
        switch locked {
        case let locked as LockedPKCS8:
            guard case .pbkdf2(_, let count) = locked.sealed.algorithm.derivation,
                count <= largestIterationCount
            else { return nil }
        case is LockedLegacyPEM: break
        default: return nil
        }
        return try? FuzzKeys.passphrase.bytes.withBytes { try locked.open(passphrase: $0) }
    }

    // MARK: Seeds

    private static func encode(
        _ material: KeyMaterial,
        _ format: String,
        name: String = "alice@example.org"
    ) throws -> [UInt8] {
        guard let format = KeyFormats.named(format) else { return [] }
        let encoding = KeyEncoding(time: FuzzWorld.start)
        return try format.encode([KeyEntry(material, name: name)], encoding).publicBytes
    }

    /// Returns alice's key, sealed with the passphrase of the seeds.
    static func sealedKey(_ derivation: PBES2.Derivation) throws -> [UInt8] {
        try FuzzKeys.passphrase.bytes.withBytes {
            try EncryptedPrivateKey.seal(FuzzKeys.alice, passphrase: $0, derivation: derivation)
        }
    }

    @Sendable private static func pkcs8Seeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let sealed = try sealedKey(
            .pbkdf2(.hmacSHA256, iterationCount: largestIterationCount)
        )
        let costly = try sealedKey(.scrypt(FuzzWorld.scrypt))
        return [
            try encode(.privateKey(FuzzKeys.alice), "pkcs8"),
            try encode(.privateKey(FuzzKeys.alice), "pkcs8-der"),
            Array(PEM.encode(sealed, label: "ENCRYPTED PRIVATE KEY").utf8), sealed, costly,
        ]
    }

    @Sendable private static func lineSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        try ["ssh", "rfc4716"].map { try encode(.publicKey(world.aliceKey), $0) }
    }

    @Sendable private static func listSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let line = world.aliceKey.openSSHLine
        return try ["authorized-keys", "allowed-signers"].map {
            try encode(.publicKey(world.aliceKey), $0)
        }
            + [
                "# a comment\nrestrict,command=\"echo \\\"hi\\\"\" \(line) alice\n",
                "a@example.org,*@example.net namespaces=\"file\",valid-before=\"20270101\" \(line)\n",
                "ssh-ed25519 AAAA bob\n\(line)\n",
            ].map { Array($0.utf8) }
    }

    @Sendable private static func openSSHSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let locked = KeyEncoding(passphrase: FuzzKeys.passphrase, time: FuzzWorld.start)
        let entry = KeyEntry(.privateKey(FuzzKeys.alice), name: "alice")
        return [
            try encode(.privateKey(FuzzKeys.alice), "openssh"),
            try KeyFormats.named("openssh")?.encode([entry], locked).publicBytes ?? [],
        ]
    }

    @Sendable private static func jwkSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        try ["jwk", "jwks"].flatMap { format in
            [
                try encode(.publicKey(world.aliceKey), format),
                try encode(.privateKey(FuzzKeys.alice), format),
            ]
        } + [
            Array("{\"keys\":[{\"kty\":\"EC\",\"kid\":\"\\u00e9\\ud83d\\ude00\"}]}".utf8)
        ]
    }

    @Sendable private static func mixedSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        try ["pem", "der", "pkcs1-der", "ssh", "rfc4716", "jwk", "authorized-keys"].map {
            try encode(.publicKey(world.aliceKey), $0)
        } + [try encode(.privateKey(FuzzKeys.alice), "certificate-der")]
    }
}
