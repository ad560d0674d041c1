public import CryptoCore
public import Stanzas

/// One frame of data in a plugin's answer.
public enum PluginData: Sendable {
    /// A private key that the provider keeps.
    case key(KeyDescription)
    /// A signature.
    case signature([UInt8])
    /// A decrypted secret, or a passphrase.
    case secret(StanzaBody)
    /// A public key (SubjectPublicKeyInfo).
    case publicKey([UInt8], comment: String?)
    /// A private key (PKCS #8 PrivateKeyInfo).
    case privateKey(StanzaBody, comment: String?)
    /// The only file, which may hold a private key.
    case file(StanzaBody)
    /// A file of an exporter.
    case exportedFile(path: String, content: [UInt8])
    /// What a signature file says: the bytes that were signed, and the signature.
    case signed(SignatureScheme, signature: [UInt8], content: [UInt8])
    /// The key that made a signature (SubjectPublicKeyInfo).
    case signer([UInt8])

    static let types: Set<String> = [
        KeyDescription.type, "signature", "secret", "public-key", "private-key", "file", "signed",
        "signer",
    ]

    /// The frame.
    public var stanza: Stanza {
        func comment(_ text: String?) -> [String] {
            text.flatMap { $0.isEmpty ? nil : [Words.encode($0)] } ?? []
        }
        return switch self {
        case .key(let key): key.stanza
        case .signature(let bytes): Stanza("signature", body: StanzaBody(bytes))
        case .secret(let secret): Stanza("secret", body: secret)
        case .publicKey(let key, let text):
            Stanza("public-key", comment(text), body: StanzaBody(key))
        case .privateKey(let key, let text): Stanza("private-key", comment(text), body: key)
        case .file(let content): Stanza("file", body: content)
        case .exportedFile(let path, let content):
            Stanza("file", [Words.encode(path)], body: StanzaBody(content))
        case .signed(let scheme, let signature, let content):
            Stanza(
                "signed",
                [scheme.pluginName, Words.encode(signature)],
                body: StanzaBody(content)
            )
        case .signer(let key): Stanza("signer", body: StanzaBody(key))
        }
    }

    /// Reads a data frame that answers `request`, after `earlier` ones.
    ///
    /// Throws `WireError` if the request does not allow it, or if it has a wrong form.
    init(
        _ stanza: Stanza,
        for request: PluginRequest,
        after earlier: [PluginData]
    ) throws(WireError) {
        var words = Words(stanza)
        let largest = PluginLimits.frame.bodyByteCount
        let limit: Int
        switch (request, stanza.type) {
        case (.generate, "key"), (.open, "key"):
            self = .key(try KeyDescription(stanza))
            limit = 1
        case (.list, "key"):
            self = .key(try KeyDescription(stanza))
            limit = PluginLimits.listedKeyCount
        case (.sign, "signature"):
            self = .signature(try stanza.bytes("signature", limit: 1 << 10))
            limit = 1
        case (.unwrap, "secret"):
            guard stanza.body.count <= 1 << 10 else { throw WireError.form("secret", "length") }
            self = .secret(stanza.body)
            limit = 1
        case (.secret, "secret"):
            guard PluginData.isPassphrase(stanza.body) else {
                throw WireError.form("secret", "passphrase")
            }
            self = .secret(stanza.body)
            limit = 1
        case (.readKeys, "public-key"):
            self = .publicKey(
                try stanza.bytes("key", limit: PluginLimits.publicKeyByteCount),
                comment: try words.optionalText("comment")
            )
            limit = PluginLimits.keyCount
        case (.readKeys, "private-key"):
            self = .privateKey(stanza.body, comment: try words.optionalText("comment"))
            limit = PluginLimits.keyCount
        case (.writePublicKey, "file"), (.writePrivateKey, "file"), (.makeSignature, "file"):
            self = .file(stanza.body)
            limit = 1
        case (.readSignature(_, let digest, _, _), "signed") where earlier.isEmpty:
            guard let scheme = SignatureScheme(pluginName: try words.word("scheme")) else {
                throw WireError.form(stanza.type, "scheme")
            }
            let signature = try words.bytes("signature", limit: 1 << 10)
            let content = try stanza.bytes("content", limit: PluginLimits.signedByteCount)
            guard PluginRequest.contains(content, digest) else {
                throw WireError.violation("the signed bytes do not contain the file's digest")
            }
            self = .signed(scheme, signature: signature, content: content)
            limit = 1
        case (.readSignature, "signer") where earlier.count == 1:
            self = .signer(try stanza.bytes("key", limit: PluginLimits.publicKeyByteCount))
            limit = 2
        case (.exportFiles(let id, _), "file"):
            let path = String(decoding: try words.bytes("path", limit: 1_024), as: UTF8.self)
            guard PluginData.isExportPath(path, of: id) else {
                throw WireError.form(stanza.type, "path")
            }
            self = .exportedFile(path: path, content: stanza.body.publicBytes)
            limit = PluginLimits.fileCount
        default:
            throw WireError.violation(
                "the frame \"\(stanza.type)\" is no answer to \"\(request.type)\""
            )
        }
        guard earlier.count < limit, stanza.body.count <= largest else {
            throw WireError.violation("too many frames \"\(stanza.type)\" in one answer")
        }
    }

    /// 1 to 1,024 bytes without line end.
    private static func isPassphrase(_ body: StanzaBody) -> Bool {
        guard (1...PluginLimits.secretByteCount).contains(body.count) else { return false }
        return body.withBytes { bytes in
            for index in 0..<bytes.byteCount {
                let byte = bytes.byte(at: index)
                if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == 0 {
                    return false
                }
            }
            return true
        }
    }

    /// ID, or `ID/` and a path of parts that do not begin with a dot.
    static func isExportPath(_ path: String, of id: OfferID) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts[0] == id.description else { return false }
        return parts.allSatisfy { part in
            !part.isEmpty && !part.hasPrefix(".")
                && part.utf8.allSatisfy { byte in
                    switch byte {
                    case 48...57, 65...90, 97...122, 46, 95, 45: true
                    default: false
                    }
                }
        }
    }
}
