public import CryptoCore

/// The fingerprint of a public key as `ssh-keygen -l` shows it: `SHA256:` and the unpadded base64
/// of SHA-256 over the SSH wire form (RFC 4253 § 6.6).
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    /// The digest itself.
    public let digest: SHA256Digest

    /// The fingerprint of an RSA key.
    public init(of key: RSAPublicKey) {
        digest = SHA256Digest(hashing: SSHWire.blob(of: key))
    }

    /// The fingerprint of a key in SubjectPublicKeyInfo, without making a key of it; `nil` where it
    /// cannot be read.
    public init?(ofSPKI der: [UInt8]) {
        guard let numbers = try? RSAPublicKey.numbers(ofSPKI: der) else { return nil }
        digest = SHA256Digest(
            hashing: SSHWire.blob(modulus: numbers.modulus, exponent: numbers.exponent)
        )
    }

    /// Reads `SHA256:…`; `nil` for anything else.
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
