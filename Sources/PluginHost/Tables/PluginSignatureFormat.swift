internal import CryptoCore
internal import KeyFormats
internal import KeyOperations
internal import PluginWire
internal import Signatures
internal import Stanzas

/// A format of signatures whose files a plugin reads and writes (`signature-v1`).
///
/// The host makes and verifies the signatures themselves.
struct PluginSignatureFormat: SignatureFormat {
    let id: String
    let title: String
    let isText: Bool
    let hasNamespace: Bool
    let namesKey: Bool
    let contentHash: HashAlgorithm
    let offer: OfferID
    let session: PluginSession

    init(_ offer: Offer, _ format: SignatureOffer, _ session: PluginSession) {
        id = offer.id.description
        title = offer.title
        self.offer = offer.id
        self.session = session
        isText = format.flags.contains(.text)
        hasNamespace = format.flags.contains(.namespace)
        namesKey = format.flags.contains(.namesKey)
        contentHash = format.hash
    }

    func sign(
        _ digest: [UInt8],
        namespace: String,
        key: any SigningKey
    ) throws -> any FileSignature {
        let request = PluginRequest.makeSignature(
            offer,
            digest: digest,
            namespace: hasNamespace ? namespace : nil,
            signer: try key.publicKey.spkiDERRepresentation()
        )
        let name = session.name
        let data = try session.perform(request) { scheme, bytes in
            guard !PluginSignatureFormat.isStructure(bytes) else {
                throw PluginHostError.wrongAnswer(name, "bytes to sign of another format")
            }
            let digest = try scheme.hash.digest(of: bytes.borrowedBytes)
            return try key.sign(.digest(digest, scheme))
        }
        guard case .file(let content) = data.first else {
            throw PluginHostError.wrongAnswer(session.name, "no file")
        }
        return PluginSignature(encoded: content.publicBytes, format: self)
    }

    /// Whether other programs may take the bytes for theirs: an SSHSIG, or one DER SEQUENCE, such
    /// as a certificate.
    static func isStructure(_ bytes: [UInt8]) -> Bool {
        guard !bytes.starts(with: Array("SSHSIG".utf8)) else { return true }
        guard bytes.count >= 2, bytes[0] == 0x30 else { return false }
        guard bytes[1] & 0x80 != 0 else { return Int(bytes[1]) == bytes.count - 2 }
        let lengthByteCount = Int(bytes[1] & 0x7f)
        guard (1...4).contains(lengthByteCount), bytes.count >= 2 + lengthByteCount else {
            return false
        }
        var count = 0
        for byte in bytes[2..<(2 + lengthByteCount)] { count = count << 8 | Int(byte) }
        return count == bytes.count - 2 - lengthByteCount
    }

    func read(_ bytes: [UInt8]) throws -> any FileSignature {
        PluginSignature(encoded: bytes, format: self)
    }
}

/// A signature file of a plugin's format; the plugin reads it when the signer is wanted.
struct PluginSignature: FileSignature {
    let encoded: [UInt8]
    let format: PluginSignatureFormat

    var digest: SHA256Digest { SHA256Digest(hashing: encoded) }
    var contentHash: HashAlgorithm { format.contentHash }

    func signer(
        ofDigest digest: [UInt8],
        namespace: String,
        candidates: [PublicKey]
    ) throws -> PublicKey? {
        let data = try format.session.perform(
            .readSignature(
                format.offer,
                digest: digest,
                namespace: format.hasNamespace ? namespace : nil,
                file: encoded
            )
        )
        guard case .signed(let scheme, let signature, let content) = data.first else {
            throw PluginHostError.wrongAnswer(format.session.name, "no signature")
        }
        let signed = try scheme.hash.digest(of: content.borrowedBytes)
        guard format.namesKey else {
            return candidates.first {
                $0.rsa.isValidSignature(signature, ofDigest: signed, scheme: scheme)
            }
        }
        guard case .signer(let der) = data.last,
            let key = try? PublicKey(spkiDER: der, allowingWeak: true)
        else { throw PluginHostError.wrongAnswer(format.session.name, "no key of the signer") }
        guard key.rsa.isValidSignature(signature, ofDigest: signed, scheme: scheme) else {
            throw SignatureError.notVerified("the file or the signature was changed")
        }
        return key
    }
}
