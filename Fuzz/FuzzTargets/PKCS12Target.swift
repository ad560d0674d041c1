@testable import CryptoCore
@testable import KeyFormats

/// PKCS#12 files.
///
/// Their MAC covers everything, so it is computed again over the fuzzer's changes.
enum PKCS12Target {
    static let target = FuzzTarget("pkcs12", leastDecodedPercent: 5, seeds: seeds) { bytes in
        guard let format = KeyFormats.named("pkcs12") else { return nil }
        if format.probe(bytes.borrowedBytes) { _ = try format.decode(bytes.borrowedBytes) }
        let safe = safe(in: bytes) ?? bytes
        guard isCheap(safe) else { return nil }
        let file = sealed(safe)
        let key = try FuzzKeys.passphrase.bytes.withBytes {
            let archive = try PKCS12Archive(der: file.borrowedBytes)
            let info = try archive.privateKeyInfo(passphrase: $0)
            return try RSAPrivateKey(der: info.bytes)
        }
        try key.validate()
        return safe
    }

    // RFC 7292 § B.2: with one iteration, the key of the MAC is one SHA-256.
    private static let macIdentifier: UInt8 = 3
    private static let blockByteCount = 64
    private static let salt: [UInt8] = Array(0..<8)
    private static let dataIdentifier: [UInt8] = [
        0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01,
    ]
    private static let shroudedKeyBag: [UInt8] = [
        0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02,
    ]
    private static let sha256Identifier: [UInt8] = [
        0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
    ]
    private static let explicitTag: UInt8 = 0xa0
    private static let setTag: UInt8 = 0x31
    /// A long name, so that the fuzzer has much to change outside of the key.
    private static let name = DER.octetString(
        Array(String(repeating: "alice's key of 2026, ", count: 32).utf8)
    )

    /// Returns the part of a file that its MAC covers.
    private static func safe(in bytes: [UInt8]) -> [UInt8]? {
        var reader = DERReader(bytes)
        guard var file = try? reader.sequence(), (try? file.number()) == 3,
            var info = try? file.sequence(),
            (try? info.next(DER.Tag.objectIdentifier)) == dataIdentifier,
            let content = try? info.next(explicitTag)
        else { return nil }
        var explicit = DERReader(content)
        return try? explicit.next(DER.Tag.octetString)
    }

    /// Returns whether no key in it is expensive to open.
    private static func isCheap(_ safe: [UInt8]) -> Bool {
        // A key begins with a SEQUENCE. The bytes after it belong to the bags around it.
        safe.indices.allSatisfy { start in
            guard safe[start] == DER.Tag.sequence else { return true }
            var reader = DERReader(Array(safe[start...]))
            guard var key = try? reader.sequence(),
                let algorithm = try? PBES2(algorithmIdentifier: &key)
            else { return true }
            guard case .pbkdf2(_, let count) = algorithm.derivation else { return false }
            return count <= KeyFileTargets.largestIterationCount
        }
    }

    private static func explicit(_ content: [UInt8]) -> [UInt8] {
        DER.head(explicitTag, count: content.count) + content
    }

    private static func data(_ content: [UInt8]) -> [UInt8] {
        DER.sequence(
            DER.objectIdentifier(dataIdentifier) + explicit(DER.octetString(content))
        )
    }

    /// Returns a file around `safe`, with a MAC of one iteration.
    private static func sealed(_ safe: [UInt8]) -> [UInt8] {
        let password: [UInt8] = Array("fuzz".utf8).flatMap { [0, $0] as [UInt8] } + [0, 0]
        func filled(_ bytes: [UInt8]) -> [UInt8] {
            (0..<blockByteCount).map { bytes[$0 % bytes.count] }
        }
        let key = SHA256Digest(
            hashing: [UInt8](repeating: macIdentifier, count: blockByteCount) + filled(salt)
                + filled(password)
        )
        let tag = try? HMACSHA256.tag(of: safe.borrowedBytes, key: key.bytes.borrowedBytes)
        let algorithm = DER.sequence(DER.objectIdentifier(sha256Identifier) + DER.null)
        return DER.sequence(
            DER.integer(3 as UInt64) + data(safe)
                + DER.sequence(
                    DER.sequence(algorithm + DER.octetString(tag ?? [])) + DER.octetString(salt)
                )
        )
    }

    @Sendable private static func seeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let key = try KeyFileTargets.sealedKey(
            .pbkdf2(.hmacSHA256, iterationCount: KeyFileTargets.largestIterationCount)
        )
        // Bags have names and other attributes, and there are bags with certificates beside the
        // key.
        let attributes = DER.head(setTag, count: name.count) + name
        let bag = DER.sequence(DER.objectIdentifier(shroudedKeyBag) + explicit(key) + attributes)
        let other = DER.sequence(DER.objectIdentifier(sha256Identifier) + explicit(name))
        let plain = DER.sequence(data(DER.sequence(bag)))
        let safe = DER.sequence(
            DER.sequence(DER.objectIdentifier(sha256Identifier) + explicit(name))
                + data(DER.sequence(other + bag))
        )
        return [sealed(plain), plain, sealed(safe), safe]
    }
}
