internal import CryptoCore
internal import KeyFormats
internal import KeyOperations

/// What an SSHSIG signature covers (PROTOCOL.sshsig in openssh-portable), parsed to its last byte.
struct SSHSignatureContent: Equatable {
    private static let magic = Array("SSHSIG".utf8)

    /// The purpose.
    let namespace: String

    /// Reads the signed bytes; `nil` for everything else, and for the signature of a plugin's file.
    ///
    /// `keyctl` runs a plugin with such a signature, so the far end of a forwarding gets none.
    init?(_ data: [UInt8]) {
        guard data.starts(with: SSHSignatureContent.magic) else { return nil }
        let content = Array(data.dropFirst(SSHSignatureContent.magic.count))
        var reader = SSHReader(content.borrowedBytes)
        guard let namespace = reader.text(limit: AgentLimits.namespaceByteCount),
            !namespace.isEmpty, !namespace.contains(" "),
            namespace != SignatureNamespace.plugin, reader.bytes()?.isEmpty == true,
            let hash = reader.text(limit: 16),
            let digest = reader.bytes(), reader.isAtEnd
        else { return nil }
        let algorithms: [HashAlgorithm] = [.sha256, .sha512]
        guard let algorithm = algorithms.first(where: { $0.rawValue == hash }),
            digest.count == algorithm.byteCount
        else { return nil }
        self.namespace = namespace
    }
}
