internal import CryptoCore
internal import DurableFiles
internal import FoundationEssentials
internal import KeyFormats
internal import Registry

@testable import Keystore

/// Targets for the files of a home, which may also come from backups and other machines.
enum KeystoreTargets {
    static let all = [sealedFile, privateKeyList, identity, auditLog]

    private static let sealedFile = FuzzTarget(
        "sealed-file",
        largestByteCount: 8192,
        seeds: sealedSeeds,
        decode: { bytes in
            let file = try SealedFile(bytes, path: "sealed.1")
            // Without a passphrase, the wrap is the data key itself. A passphrase costs too much.
            if file.lock.derivation == nil,
                case .dataKey(let key)? = try? file.lock.open(nil, id: file.id)
            {
                _ = try? file.keys(dataKey: key)
            }
            return bytes
        }
    )

    /// The content of a sealed file.
    ///
    /// Without a passphrase, its writer can seal any bytes.
    private static let privateKeyList = FuzzTarget(
        "private-key-list",
        seeds: { _ in
            let keys = [(number: 1, key: FuzzKeys.alice), (number: 2, key: FuzzKeys.aliceNext)]
            return [
                try PrivateKeyList.encode(keys).publicBytes,
                try PrivateKeyList.encode([keys[0]]).publicBytes,
            ]
        },
        decode: { bytes in
            let keys = try PrivateKeyList.decode(bytes.borrowedBytes)
            var content: [UInt8] = []
            for (number, key) in keys {
                content += Array("\(number) ".utf8)
                content += try key.publicKey.spkiDERRepresentation()
                if (try? key.validate()) != nil { _ = try key.signature(over: content) }
            }
            return content
        }
    )

    private static let identity = FuzzTarget(
        "identity",
        largestByteCount: 16384,
        seeds: identitySeeds,
        decode: { bytes in
            let record = try IdentityRecord(bytes, path: "identity")
            _ = (record.rotationDue, record.superfluous, record.pending)
            _ = try? record.signingVersion(at: FuzzWorld.now)
            for version in record.identity.versions {
                _ = (record.hasKey(version.number), record.isGone(version.number, at: .now))
                _ = try? version.storedKey()
            }
            _ = record.revoked(asIn: FuzzWorld.shared.state)
            _ = try? record.adopting(FuzzWorld.shared.statements, changes: record.chain)
            _ = try? record.promoted(at: FuzzWorld.now)
            return bytes
        }
    )

    /// The audit log.
    ///
    /// The chain of its lines is computed here.
    private static let auditLog = FuzzTarget(
        "audit-log",
        seeds: { _ in
            try FuzzFolder.with { folder in
                let log = AuditLog(path: folder + "/audit.log")
                try log.append("unlock", KeyName("alice"), version: 1)
                try log.append("use", KeyName("alice"), version: 1)
                log.note("backup")
                return [try DurableFile.read(log.path, limit: seedByteCount)]
            }
        },
        decode: { bytes in
            try FuzzFolder.withFile(chained(bytes), "audit.log") { path in
                let log = AuditLog(path: path)
                let entries = try log.verified().entries
                try log.append("use", KeyName("alice"), version: 1)
                return Array(entries.map { "\($0.event) \($0.name ?? "-")" }.joined().utf8)
            }
        }
    )

    private static let seedByteCount = 1 << 16

    /// Returns the entries of a log, each with the hash of the one before.
    private static func chained(_ bytes: [UInt8]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text: [UInt8] = []
        var head = String(repeating: "0", count: 2 * SHA256Digest.byteCount)
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        for (index, line) in lines.enumerated() {
            let entry = try JSONDecoder().decode(AuditLog.Entry.self, from: Data(line))
            let bound = AuditLog.Entry(
                seq: index + 1,
                time: entry.time,
                program: entry.program,
                event: entry.event,
                name: entry.name,
                version: entry.version,
                failure: entry.failure,
                previous: head
            )
            let written = Array(try encoder.encode(bound))
            head = SHA256Digest(hashing: written).description
            text += written + [UInt8(ascii: "\n")]
        }
        return text
    }

    // MARK: Seeds

    @Sendable private static func sealedSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let dataKey = try SecretBytes.random(count: DataKeyLock.dataKeyByteCount)
        let id = world.aliceKey.identityID
        let costs = Argon2id.Parameters.floor
        return try [Protection.none, .passphrase(FuzzKeys.passphrase, costs)].map { protection in
            let file = try SealedFile(
                id: id,
                keys: [(1, FuzzKeys.alice)],
                lock: DataKeyLock(dataKey, id: id, protection: protection),
                dataKey: dataKey
            )
            return file.encoded
        }
    }

    @Sendable private static func identitySeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let name = try KeyName("alice")
        let registration = Statement(
            .register(name: name, key: world.aliceKey.spkiDER, expires: nil),
            time: FuzzWorld.start
        )
        let plain = try IdentityRecord(
            name: name,
            isServer: false,
            comment: "alice's laptop",
            sealedNumber: 1,
            registration: registration,
            chain: [],
            policy: RotationPolicy(rotateEvery: Lifetime("18m"), keep: 3),
            pending: IdentityRecord.Pending(
                number: 2,
                keyDER: FuzzKeys.aliceNext.publicKey.spkiDERRepresentation(),
                since: FuzzWorld.start,
                expires: nil
            )
        )
        let first = try IdentityRecord(
            name: name,
            isServer: true,
            comment: "",
            sealedNumber: 1,
            registration: registration,
            chain: [],
            isPending: true
        )
        let rotated = try IdentityRecord(
            name: name,
            isServer: false,
            comment: "",
            sealedNumber: 4,
            registration: world.statements[2],
            chain: world.aliceChain,
            destroyed: [1: FuzzWorld.start]
        )
        return [plain.encoded, first.encoded, rotated.encoded]
    }
}
