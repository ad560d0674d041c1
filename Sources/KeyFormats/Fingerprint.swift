public import CryptoCore

/// The fingerprint of a public key, as `ssh-keygen -l` prints it: `SHA256:` and the unpadded base64
/// of SHA-256 over the SSH wire form (RFC 4253 § 6.6).
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    /// The digest.
    public let digest: SHA256Digest

    /// Computes the fingerprint of an RSA key.
    public init(of key: RSAPublicKey) {
        digest = SHA256Digest(hashing: SSHWire.blob(of: key))
    }

    /// Computes the fingerprint of a SubjectPublicKeyInfo without making a key; `nil` if it is
    /// damaged.
    public init?(ofSPKI der: [UInt8]) {
        guard let numbers = try? RSAPublicKey.numbers(ofSPKI: der) else { return nil }
        digest = SHA256Digest(
            hashing: SSHWire.blob(modulus: numbers.modulus, exponent: numbers.exponent)
        )
    }

    /// Reads `SHA256:…`; returns `nil` for any other text.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix("SHA256:"),
            let bytes = Base64.decode(text.dropFirst(7), padded: false),
            let digest = SHA256Digest(bytes: bytes)
        else { return nil }
        self.digest = digest
    }

    /// The fingerprint as `SHA256:…`.
    public var description: String { "SHA256:" + Base64.encode(digest.bytes, padded: false) }
}
