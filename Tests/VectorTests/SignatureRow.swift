import Testing

@testable import CryptoCore

/// A row of the table of docs/signatures.md, with what the code of that row made.
struct SignatureRow {
    /// How a row signs.
    enum Scheme: Equatable {
        /// RSA-PSS with SHA-384: statements, checkpoints, sessions.
        case own
        /// One of those for bytes that somebody chose.
        case chosen(SignatureScheme)

        func sign(_ bytes: [UInt8], _ key: RSAPrivateKey) throws -> [UInt8] {
            switch self {
            case .own: try key.signature(over: bytes)
            case .chosen(let scheme):
                try key.signature(ofDigest: scheme.hash.digest(of: bytes), scheme: scheme)
            }
        }

        func isValid(_ signature: [UInt8], over bytes: [UInt8], _ key: RSAPublicKey) -> Bool {
            switch self {
            case .own: return key.isValidSignature(signature, over: bytes)
            case .chosen(let scheme):
                guard let digest = try? scheme.hash.digest(of: bytes) else { return false }
                return key.isValidSignature(signature, ofDigest: digest, scheme: scheme)
            }
        }
    }

    let name: String
    /// The scheme, as the table says.
    let scheme: Scheme
    /// The first bytes of what is signed, as the table says; none for bytes of the user's choice.
    let context: [UInt8]
    /// What is signed after them.
    let body: [UInt8]
    /// The signature that the code of the row made.
    let signature: [UInt8]
    /// What the verifier of the row says of its own structure with another signature in it.
    let accepts: ([UInt8]) -> Bool

    var signed: [UInt8] { context + body }
}
