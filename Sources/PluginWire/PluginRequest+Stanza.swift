internal import CryptoCore
internal import KeyOperations
public import Stanzas

extension PluginRequest {
    private static let publicWord = "public"
    private static let privateWord = "private"

    /// The frame.
    public var stanza: Stanza {
        Stanza(type, arguments, body: body)
    }

    private var arguments: [String] {
        func encoded(_ text: String?) -> [String] {
            // Empty text is left out: an argument is never empty.
            text.flatMap { $0.isEmpty ? nil : [Words.encode($0)] } ?? []
        }
        switch self {
        case .generate(let bitCount, let label, let place):
            return [String(bitCount), Words.encode(label)] + encoded(place)
        case .list(let place): return encoded(place)
        case .open(let reference), .delete(let reference): return [Words.encode(reference)]
        case .sign(let reference, let request):
            return [Words.encode(reference), request.operation.description]
        case .unwrap(let reference, _, let label):
            return [Words.encode(reference)] + (label.isEmpty ? [] : [Words.encode(label)])
        case .readKeys(let id, _), .exportFiles(let id, _): return [id.description]
        case .writePublicKey(let id, _, let comment):
            return [id.description, PluginRequest.publicWord] + encoded(comment)
        case .writePrivateKey(let id, _, let comment):
            return [id.description, PluginRequest.privateWord] + encoded(comment)
        case .makeSignature(let id, let digest, let namespace, _),
            .readSignature(let id, let digest, let namespace, _):
            return [id.description, Words.encode(digest)] + encoded(namespace)
        case .secret(let id, let identity, _): return [id.description, identity]
        }
    }

    private var body: StanzaBody {
        switch self {
        case .generate, .list, .open, .delete: .empty
        case .sign(_, .statement(let bytes)), .sign(_, .digest(let bytes, _)): StanzaBody(bytes)
        case .unwrap(_, let ciphertext, _): StanzaBody(ciphertext)
        case .readKeys(_, let file): file
        case .writePublicKey(_, let key, _): StanzaBody(key)
        case .writePrivateKey(_, let key, _): key
        case .makeSignature(_, _, _, let signer): StanzaBody(signer)
        case .readSignature(_, _, _, let file): StanzaBody(file)
        case .secret(_, _, let prompt): StanzaBody(Array(prompt.utf8))
        case .exportFiles(_, let keys): StanzaBody(keys)
        }
    }

    /// Reads a request; `nil` if its type is unknown.
    ///
    /// Throws `WireError` if the frame has a wrong form.
    public init?(_ stanza: Stanza) throws(WireError) {
        var words = Words(stanza)
        let largest = PluginLimits.frame.bodyByteCount
        func reference() throws(WireError) -> [UInt8] {
            try words.bytes("reference", limit: PluginLimits.referenceByteCount)
        }
        switch stanza.type {
        case "provider-generate":
            self = .generate(
                bitCount: try words.number("number of bits"),
                label: try words.text("label"),
                place: try words.optionalText("place")
            )
        case "provider-list": self = .list(place: try words.optionalText("place"))
        case "provider-open": self = .open(reference: try reference())
        case "provider-delete": self = .delete(reference: try reference())
        case "provider-sign":
            let reference = try reference()
            let name = try words.word("operation")
            let bytes = try stanza.bytes("bytes to sign", limit: largest)
            switch KeyOperation(pluginName: name) {
            case .signStatement: self = .sign(reference: reference, .statement(bytes))
            case .signDigest(let scheme) where bytes.count == scheme.hash.byteCount:
                self = .sign(reference: reference, .digest(bytes, scheme))
            case .signDigest, .unwrap, nil: throw WireError.form(stanza.type, "operation")
            }
        case "provider-unwrap":
            let reference = try reference()
            let label =
                words.remaining.isEmpty
                ? [] : try words.bytes("label", limit: PluginLimits.labelByteCount)
            let ciphertext = try stanza.bytes("ciphertext", limit: 1 << 10)
            self = .unwrap(reference: reference, ciphertext: ciphertext, label: label)
        case "format-read": self = .readKeys(try words.id(), file: stanza.body)
        case "format-write":
            let id = try words.id()
            let kind = try words.word("kind")
            let comment = try words.optionalText("comment")
            switch kind {
            case PluginRequest.publicWord:
                let key = try stanza.bytes("key", limit: PluginLimits.publicKeyByteCount)
                self = .writePublicKey(id, key, comment: comment)
            case PluginRequest.privateWord:
                self = .writePrivateKey(id, stanza.body, comment: comment)
            default: throw WireError.form(stanza.type, "kind")
            }
        case "signature-make":
            self = .makeSignature(
                try words.id(),
                digest: try words.bytes("digest", limit: 64),
                namespace: try words.optionalText("namespace"),
                signer: try stanza.bytes("key", limit: PluginLimits.publicKeyByteCount)
            )
        case "signature-read":
            self = .readSignature(
                try words.id(),
                digest: try words.bytes("digest", limit: 64),
                namespace: try words.optionalText("namespace"),
                file: try stanza.bytes("signature", limit: largest)
            )
        case "secret-get":
            let id = try words.id()
            self = .secret(id, identity: try words.word("name"), prompt: try stanza.text())
        case "export-files":
            self = .exportFiles(try words.id(), keys: stanza.body.publicBytes)
        default: return nil
        }
    }
}
