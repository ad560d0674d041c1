internal import AgeFiles
internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import EncryptedFiles
internal import Failures
internal import KeyFormats
internal import Keystore
internal import Registry
internal import Signatures
internal import Tokens

/// The description of a file, as `--json` prints it.
///
/// The version of the schema is 1.
struct Inspection: Encodable {
    /// One key of the file.
    struct Key: Encodable {
        let kind: String
        let bits: Int?
        let fingerprint: String?
        let protection: String?
        let name: String?
        let knownAs: String?
        let knownState: String?
        /// Whether the key was examined for weaknesses.
        ///
        /// It is `false` if the examination would take too long, or if the public key is not known.
        let examined: Bool
        /// The weaknesses that were found; `nil` if the key was not examined.
        let weaknesses: [String]?
    }

    let version = 1
    let format: String
    let title: String
    let details: [String]
    let keys: [Key]

    private init(_ format: String, _ title: String, _ details: [String] = [], keys: [Key] = []) {
        self.format = format
        self.title = title
        self.details = details
        self.keys = keys
    }

    static func of(_ path: String, in keystore: Keystore) throws -> Inspection {
        let input = try CommandInput.stream(path)
        // An encrypted file may have any length; only its header is needed.
        var room = SecretBuffer(count: KeyFormats.largestByteCount + 1)
        let count = try input.fill(&room, from: 0)
        let text = SecretBytes(copying: room.bytes.extracting(first: count))
        if let age = try ageFile(text.bytes, keystore) { return age }
        if let other = try otherFile(text.bytes, keystore) { return other }
        if let own = ownFile(text.bytes) { return own }
        let keys: KeyFile
        do { keys = try KeyFormats.decode(text.bytes, from: path) } catch let error
            as LocatedFailure where error.isUnrecognizedFile
        {
            throw CommandError.failed(
                "the type of \(path) is not known: it is not a key, encrypted file, signature, "
                    + "token or "
                    + "file of keyctl's"
            )
        }
        return try keyFile(keys, keystore)
    }

    private static func keyFile(_ keys: KeyFile, _ keystore: Keystore) throws -> Inspection {
        let examination = try KeyExamination.standard(keystore)
        var work = KeyWork.file
        let isExamined = work.canExamine(
            keys.entries.compactMap(\.publicKey),
            knownCount: examination.knownCount
        )
        var details: [String] = []
        if !isExamined {
            details.append("NOT examined for weaknesses: that would take too long")
        }
        if !keys.otherLabels.isEmpty {
            let labels = Set(keys.otherLabels).sorted().map { Printable.text($0, limit: 64) }
            details.append("without a key: \(labels.joined(separator: ", "))")
        }
        let title = keys.isBundle ? "text of \(keys.blockCount) PEM blocks" : keys.format.title
        return Inspection(
            keys.isBundle ? "pem-blocks" : keys.format.id,
            title,
            details,
            keys: try keys.entries.map {
                try Inspection.key($0, keystore, isExamined ? examination : nil)
            }
        )
    }

    private static func ageFile(_ text: RawSpan, _ keystore: Keystore) throws -> Inspection? {
        guard AgeReader.begins(text) else { return nil }
        let reader = try AgeReader(MemorySource(text))
        let names = StanzaOwners(keystore.registry.state).names(of: reader.header.stanzas)
        return Inspection(
            "age",
            "encrypted file (age)" + (reader.isArmored ? ", in armor" : ""),
            names.map { "for \($0)" }
        )
    }

    /// Recognises keyctl's own files by their first line.
    private static func ownFile(_ text: RawSpan) -> Inspection? {
        let kinds = [
            ("keyctl-registry v1\n", "registry", "exported registry", "keyctl registry verify"),
            ("keyctl-proof v1\n", "proof", "proof of a name", "keyctl registry check"),
            ("keyctl-consistency v1\n", "proof", "proof that a log grew", "keyctl registry check"),
            ("# keyctl recovery sheet", "sheet", "SECRET recovery sheet", "keyctl restore"),
            ("keyctl-sealed v1\n", "sealed", "sealed keys of an identity", "keyctl show"),
            ("keyctl-identity v1\n", "identity", "record of an identity", "keyctl show"),
            ("keyctl-identity v2\n", "identity", "record of an identity", "keyctl show"),
        ]
        for (mark, format, title, command) in kinds where text.starts(with: Array(mark.utf8)) {
            return Inspection(format, "\(title) (keyctl)", ["examine it with \(command)"])
        }
        guard text.starts(with: Array("keyctl/".utf8)),
            text.byteCount <= Checkpoint.largestByteCount,
            (try? Checkpoint.claim(in: SecretBytes(copying: text).publicBytes)) != nil
        else { return nil }
        return Inspection(
            "checkpoint",
            "signed checkpoint of a registry (keyctl)",
            ["examine it with keyctl registry check"]
        )
    }

    private static func otherFile(_ text: RawSpan, _ keystore: Keystore) throws -> Inspection? {
        // The check does not copy the bytes, because they may be a private key.
        let isOther =
            text.starts(with: Array("-----BEGIN SSH SIGNATURE-----".utf8))
            || StatementFile.begins(text) || text.starts(with: Array("eyJ".utf8))
        guard isOther, text.byteCount <= StatementFile.largestByteCount else { return nil }
        let bytes = SecretBytes(copying: text).publicBytes
        if bytes.starts(with: "-----BEGIN SSH SIGNATURE-----".utf8) {
            let signature = try SSHSignature(armored: bytes)
            return Inspection(
                "sshsig",
                "signature (SSHSIG)",
                [
                    "namespace \(Printable.text(signature.namespace))",
                    "message hash \(signature.messageHash.rawValue)",
                    "NOT verified here: keyctl verify does that",
                ],
                keys: [
                    try key(
                        KeyEntry(.publicKey(signature.publicKey)),
                        keystore,
                        .standard(keystore)
                    )
                ]
            )
        }
        if let chain = try StatementFile.decode(bytes) {
            let name = keystore.registry.state.identity(inChain: chain)?.name
            return Inspection(
                "statements",
                "statements of an identity (keyctl)",
                [
                    "\(chain.count) statements",
                    name.map { "of \($0)" } ?? "of an identity that is not known here",
                ]
            )
        }
        let trimmed = Array(bytes.reversed().drop { $0 <= 0x20 }.reversed())
        if trimmed.filter({ $0 == UInt8(ascii: ".") }).count == 2,
            let token = try? JSONWebSignature(compact: trimmed)
        {
            return Inspection(
                "jws",
                "signed token (JWS)",
                [
                    "algorithm \(token.algorithm.rawValue)",
                    "key \(token.keyID.map { Printable.text($0, limit: 100) } ?? "not named")",
                    "NOT verified here: keyctl token verify does that",
                ]
            )
        }
        return nil
    }

    private static func key(
        _ entry: KeyEntry,
        _ keystore: Keystore,
        _ examination: KeyExamination?
    ) throws -> Key {
        let publicKey = entry.publicKey
        var kind = entry.certificate == nil ? "public key" : "public key of a certificate"
        var protection: String?
        switch entry.material {
        case .publicKey: break
        case .privateKey:
            kind = "PRIVATE key"
            protection = "NOT encrypted"
        case .lockedPrivateKey(let locked):
            kind = "private key"
            protection = locked.protection
        case .otherKind(let name): kind = "key of another kind (\(Printable.text(name, limit: 64)))"
        }
        let known = publicKey.flatMap {
            keystore.registry.state.identity(keyDER: $0.spkiDER)
        }
        var weaknesses: [String]?
        if let publicKey, let examination {
            weaknesses = try examination.weaknesses(of: publicKey).map(\.reason)
        }
        return Key(
            kind: kind,
            bits: publicKey?.rsa.bitCount,
            fingerprint: publicKey?.fingerprint.description,
            protection: protection,
            name: entry.name.isEmpty ? nil : entry.name,
            knownAs: known?.name.description,
            knownState: known.map { Inspection.standing($0, publicKey) },
            examined: weaknesses != nil,
            weaknesses: weaknesses
        )
    }

    /// Returns a name with the version, and the state of the version if it is not in use.
    private static func standing(_ identity: RegisteredIdentity, _ key: PublicKey?) -> String {
        let document = KeyDocument(identity, own: nil, at: .now)
        let version = identity.versions.first { $0.keyDER == key?.spkiDER }
        let state = document.versions.first { $0.version == version?.number }?.state ?? "?"
        let shown = identity.isRemoved || identity.fork != nil ? document.state : state
        return "version \(version?.number ?? 0), "
            + (shown == "revoked" || shown == "frozen" ? shown.uppercased() : shown)
    }
}
