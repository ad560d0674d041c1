internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import KeyOperations
internal import Registry
internal import Signatures

/// The signature of a plugin's file: an SSHSIG in the file beside it.
enum PluginFileSignature {
    /// Throws `PluginHostError` unless `path.sig` is a signature of the bytes by a key of `signer`
    /// that the registry accepts now.
    static func require(
        _ path: String,
        _ bytes: [UInt8],
        by signer: KeyName,
        _ state: RegistryState
    ) throws {
        _ = try state.known(signer)
        let file = try DurableFile.read("\(path).sig", limit: SSHSignature.largestByteCount)
        let signature = try SignatureFormats.ssh.read(file)
        let digest = try signature.contentHash.digest(of: bytes.borrowedBytes)
        guard
            let key = try signature.signer(
                ofDigest: digest,
                namespace: SignatureNamespace.plugin,
                candidates: []
            ),
            let judgement = state.judgement(
                onKey: key.spkiDER,
                signatureDigest: signature.digest,
                knownToBeFrom: nil,
                at: .now
            )
        else { throw PluginHostError.signature(path, "no key of your registry made its signature") }
        guard judgement.name == signer else {
            throw PluginHostError.signature(
                path,
                "it is signed by \(judgement.name), not by \(signer)"
            )
        }
        guard judgement.verdict.isGood else {
            throw PluginHostError.signature(
                path,
                "the registry does not accept its key, version \(judgement.version) of "
                    + "\(judgement.name)"
            )
        }
    }
}
