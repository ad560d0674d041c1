internal import CryptoCore
internal import Failures
internal import Glibc
internal import KeyOperations
internal import PKCS11Tokens
public import PluginWire
internal import Stanzas

/// The plugin `pkcs11` of keyctl: it keeps private keys in tokens with a PKCS #11 module.
public struct TokenProvider: Plugin {
    /// The plugin's version.
    public let version = "0.1.0"
    private let keys: TokenKeys

    private static let name = "pkcs11"

    /// Begins without a module: each request names its token.
    public init() {
        // SAFETY: the process changes no variable of its environment.
        let module = unsafe getenv(PKCS11Module.environmentVariable).map { value in
            unsafe String(cString: value)
        }
        keys = TokenKeys(moduleFromEnvironment: module)
    }

    /// One key provider.
    public var offers: [Offer] {
        guard let id = OfferID(TokenProvider.name) else { preconditionFailure("not an id") }
        return [Offer(.provider, id, title: "RSA keys in PKCS #11 tokens")]
    }

    /// Does one request of provider-v1; throws `PluginRefusal`.
    public mutating func answer(
        _ request: PluginRequest,
        asking host: HostDialogue
    ) throws -> [PluginData] {
        let questions = HostQuestions(host)
        do throws(PKCS11Error) {
            return try answer(request, questions)
        } catch {
            // What the host answered comes before what that meant for the token.
            throw questions.failure ?? PluginRefusal(error)
        }
    }

    private func answer(
        _ request: PluginRequest,
        _ questions: HostQuestions
    ) throws(PKCS11Error) -> [PluginData] {
        switch request {
        case .generate(let bitCount, let label, let place):
            let uri = try TokenURI(parsing: place ?? "")
            return [
                .key(
                    try KeyDescription(
                        keys.generate(bitCount: bitCount, label: label, in: uri, asking: questions)
                    )
                )
            ]
        case .list(let place):
            var data: [PluginData] = []
            for key in try keys.list(TokenURI(parsing: place ?? ""), asking: questions) {
                data.append(.key(try KeyDescription(key)))
            }
            return data
        case .open(let reference):
            let key = try keys.open(text(reference), asking: questions)
            return [.key(try KeyDescription(key))]
        case .sign(let reference, let what):
            return [.signature(try keys.sign(what, with: text(reference), asking: questions))]
        case .unwrap(let reference, let ciphertext, let label):
            let secret = try keys.unwrap(
                ciphertext,
                label: label,
                with: text(reference),
                asking: questions
            )
            return [.secret(StanzaBody(secret.bytes))]
        case .delete(let reference):
            try keys.delete(text(reference), asking: questions)
            return []
        case .readKeys, .writePublicKey, .writePrivateKey, .makeSignature, .readSignature, .secret,
            .exportFiles:
            throw PKCS11Error.notOffered(request.type)
        }
    }

    /// A reference as the URI that it is; other bytes are no URI either.
    private func text(_ reference: [UInt8]) -> String { String(decoding: reference, as: UTF8.self) }
}

extension PluginRefusal {
    fileprivate init(_ error: PKCS11Error) {
        self.init(
            Code(rawValue: error.code.rawValue) ?? .internal,
            [error.message, error.hint].compactMap(\.self).joined(separator: "; ")
        )
    }
}

extension KeyDescription {
    fileprivate init(_ key: TokenKeyDescription) throws(PKCS11Error) {
        guard let publicKey = try? key.publicKey.spkiDERRepresentation() else {
            throw PKCS11Error.unreadableKey
        }
        self.init(
            reference: Array(key.reference.utf8),
            confirmation: key.asksForEachUse ? .prompt : .none,
            allowsUnattendedUse: !key.asksForEachUse,
            operations: key.operations,
            publicKey: publicKey
        )
    }
}
