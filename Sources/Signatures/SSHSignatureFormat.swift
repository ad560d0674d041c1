internal import CryptoCore
internal import KeyFormats
internal import KeyOperations

/// `sshsig`: signatures that `ssh-keygen -Y verify` checks.
struct SSHSignatureFormat: SignatureFormat {
    let id = "sshsig"
    let title = "OpenSSH signature (SSHSIG)"
    let isText = true
    let hasNamespace = true
    let namesKey = true
    let contentHash = HashAlgorithm.sha512

    func sign(
        _ digest: [UInt8],
        namespace: String,
        key: any SigningKey
    ) throws -> any FileSignature {
        try SSHSignature(signing: digest, namespace: namespace, key: key)
    }

    func read(_ bytes: [UInt8]) throws -> any FileSignature { try SSHSignature(armored: bytes) }
}
