internal import CryptoCore
internal import KeyFormats

/// A signature without any other data: it does not name its key or its purpose.
struct BareSignature: FileSignature {
    let encoded: [UInt8]
    let contentHash = SignatureScheme.bare.hash

    var digest: SHA256Digest { SHA256Digest(hashing: encoded) }

    func signer(
        ofDigest digest: [UInt8],
        namespace: String,
        candidates: [PublicKey]
    ) throws -> PublicKey? {
        candidates.first { $0.rsa.isValidSignature(encoded, ofDigest: digest, scheme: .bare) }
    }
}
