internal import CryptoCore
internal import KeyFormats
internal import KeyOperations
internal import PluginWire
internal import Stanzas

/// A private key that a plugin keeps. Nothing that the plugin answers is trusted.
struct PluginKey: DecryptingKey, SigningKey {
    let publicKey: RSAPublicKey
    let capabilities: KeyCapabilities
    private let reference: [UInt8]
    private let session: PluginSession

    init(_ description: KeyDescription, _ session: PluginSession) throws {
        do {
            publicKey = try PublicKey(spkiDER: description.publicKey, allowingWeak: true).rsa
        } catch {
            throw PluginHostError.wrongAnswer(session.name, "a key that is no RSA public key")
        }
        reference = description.reference
        self.session = session
        // A digest with this scheme would be a structure of ours; no plugin may sign one freely.
        capabilities = KeyCapabilities(
            operations: description.operations,
            confirmation: description.confirmation,
            isExportable: false,
            allowsUnattendedUse: description.allowsUnattendedUse
        )
    }

    func sign(_ request: SignatureRequest) throws -> [UInt8] {
        try require(request.operation)
        let answer = try session.perform(.sign(reference: reference, request)).first
        guard case .signature(let signature) = answer, isValid(signature, for: request) else {
            throw PluginHostError.wrongAnswer(session.name, "a signature that does not verify")
        }
        return signature
    }

    private func isValid(_ signature: [UInt8], for request: SignatureRequest) -> Bool {
        switch request {
        case .statement(let bytes): publicKey.isValidSignature(signature, over: bytes)
        case .digest(let digest, let scheme):
            publicKey.isValidSignature(signature, ofDigest: digest, scheme: scheme)
        }
    }

    /// Throws `CryptoError` where the ciphertext does not open, `PluginHostError` where the plugin
    /// cannot do it.
    func unwrap(_ wrapped: [UInt8], label: [UInt8]) throws -> SecretBytes {
        try require(.unwrap)
        let request = PluginRequest.unwrap(
            reference: reference,
            ciphertext: wrapped,
            label: label
        )
        do {
            guard case .secret(let secret) = try session.request(request).first else {
                throw PluginHostError.wrongAnswer(session.name, "no secret")
            }
            return secret.secret()
        } catch let refusal as PluginRefusal {
            guard refusal.code != .invalid else { throw CryptoError.wrongKey }
            throw PluginHostError.refused(session.name, refusal)
        }
    }
}
