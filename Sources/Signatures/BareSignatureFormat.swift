internal import CryptoCore
internal import KeyOperations

/// `raw`: signatures for openssl, with RSA-PSS and SHA3-512, a scheme that no other part of this
/// project uses.
struct BareSignatureFormat: SignatureFormat {
    let id = "raw"
    let title = "bare RSA-PSS signature with SHA3-512"
    let isText = false
    let hasNamespace = false
    let namesKey = false
    let contentHash = SignatureScheme.bare.hash

    func sign(
        _ digest: [UInt8],
        namespace: String,
        key: any SigningKey
    ) throws -> any FileSignature {
        BareSignature(encoded: try key.sign(.digest(digest, .bare)))
    }

    func read(_ bytes: [UInt8]) throws -> any FileSignature { BareSignature(encoded: bytes) }
}
