internal import CryptoCore
internal import KeyFormats

/// The number that RSA gives, and nothing that says whose it is or what for.
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
