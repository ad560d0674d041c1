import Testing

@testable import CryptoCore

/// A row of the table in docs/signatures.md, with a signature that its code made.
struct SignatureRow {
    /// The scheme of a row.
    enum Scheme: Equatable {
        /// RSA-PSS with SHA-384: statements, checkpoints, sessions.
        case own
        /// A scheme for bytes that a user chose.
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
    /// The scheme in the table.
    let scheme: Scheme
    /// The first signed bytes in the table; none for bytes of the user's choice.
    let context: [UInt8]
    /// The signed bytes after them.
    let body: [UInt8]
    /// The signature that the code of the row made.
    let signature: [UInt8]
    /// Returns whether the row's verifier accepts its structure with another signature in it.
    let accepts: ([UInt8]) -> Bool

    var signed: [UInt8] { context + body }
}
