public import CryptoCore
public import KeyFormats

extension SSHSignature: FileSignature {
    /// The signature as a file.
    public var encoded: [UInt8] { Array(armored.utf8) }
    /// The hash of the signed content.
    public var contentHash: HashAlgorithm { messageHash }

    /// Returns the key that the signature names, if that key made it for this namespace; otherwise
    /// throws `SignatureError`.
    public func signer(
        ofDigest digest: [UInt8],
        namespace: String,
        candidates: [PublicKey]
    ) throws -> PublicKey? {
        guard self.namespace == namespace else {
            throw SignatureError.otherNamespace(self.namespace, wanted: namespace)
        }
        guard isValid(digest: digest, namespace: namespace) else { throw SignatureError.changed }
        return publicKey
    }
}
