public import KeyOperations
public import Stanzas

/// What a host asks of a plugin.
public enum PluginRequest: Sendable {
    /// Make a key of so many bits; `label` is text for people.
    case generate(bitCount: Int, label: String, place: String?)
    /// List the keys.
    case list(place: String?)
    /// Describe the key of a reference.
    case open(reference: [UInt8])
    /// Sign with a key.
    case sign(reference: [UInt8], SignatureRequest)
    /// Decrypt a small secret with a key: RSAES-OAEP, SHA-256.
    case unwrap(reference: [UInt8], ciphertext: [UInt8], label: [UInt8])
    /// Remove a key.
    case delete(reference: [UInt8])
    /// Read a key file.
    case readKeys(OfferID, file: StanzaBody)
    /// Write a key file with a public key (SubjectPublicKeyInfo).
    case writePublicKey(OfferID, [UInt8], comment: String?)
    /// Write a key file with a private key (PKCS #8 PrivateKeyInfo).
    case writePrivateKey(OfferID, StanzaBody, comment: String?)
    /// Make a signature file for content with this digest.
    case makeSignature(OfferID, digest: [UInt8], namespace: String?, signer: [UInt8])
    /// Read a signature file for content with this digest.
    case readSignature(OfferID, digest: [UInt8], namespace: String?, file: [UInt8])
    /// Give the passphrase of an identity.
    case secret(OfferID, identity: String, prompt: String)
    /// Write the registry's keys as files.
    case exportFiles(OfferID, keys: [UInt8])

    /// The type of the frame.
    public var type: String {
        switch self {
        case .generate: "provider-generate"
        case .list: "provider-list"
        case .open: "provider-open"
        case .sign: "provider-sign"
        case .unwrap: "provider-unwrap"
        case .delete: "provider-delete"
        case .readKeys: "format-read"
        case .writePublicKey, .writePrivateKey: "format-write"
        case .makeSignature: "signature-make"
        case .readSignature: "signature-read"
        case .secret: "secret-get"
        case .exportFiles: "export-files"
        }
    }

    /// Whether the body must not be shown: it is or may be a private key.
    public var hasSecretBody: Bool {
        switch self {
        case .readKeys, .writePrivateKey: true
        case .generate, .list, .open, .sign, .unwrap, .delete, .writePublicKey, .makeSignature,
            .readSignature, .secret, .exportFiles:
            false
        }
    }

    /// Whether a device may be busy with the request, or wait for a person, and cannot say so.
    public var isSlow: Bool {
        switch self {
        case .generate, .list, .open, .sign, .unwrap, .delete, .secret: true
        case .readKeys, .writePublicKey, .writePrivateKey, .makeSignature,
            .readSignature, .exportFiles:
            false
        }
    }
}
