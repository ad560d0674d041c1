import CryptoCore
import PluginWire
import Stanzas

/// A plugin for the tests: it offers one of each.
struct EchoPlugin: Plugin {
    let version = "1.0"
    var offers: [Offer] {
        [
            Offer(.provider, Wire.id("echo"), title: "keys"),
            Offer(.format(Wire.format), Wire.id("echo-file"), title: "files"),
            Offer(
                .signature(SignatureOffer(hash: .sha512, flags: [.namespace])),
                Wire.id("echo-sig"),
                title: "signatures"
            ),
            Offer(.secret, Wire.id("echo"), title: "passphrases"),
            Offer(.export, Wire.id("echo"), title: "lists"),
        ]
    }

    mutating func answer(_ request: PluginRequest, asking host: HostDialogue) throws -> [PluginData]
    {
        switch request {
        case .secret(_, let name, _):
            try host.show("looking for \(name)")
            let secret = try host.askSecret("PIN")
            return [.secret(StanzaBody(secret.bytes))]
        case .makeSignature(_, let digest, _, _):
            return [.file(StanzaBody(try host.sign([1] + digest, .pss(.sha512))))]
        case .readKeys(_, let file): return [.privateKey(file, comment: "me")]
        case .delete: throw PluginRefusal(.notFound, "no such key")
        default: throw PluginRefusal(.unsupported)
        }
    }
}

enum Wire {
    static func id(_ text: String) -> OfferID {
        guard let id = OfferID(text) else { preconditionFailure("an id") }
        return id
    }

    static var name: PluginName {
        guard let name = PluginName("echo") else { preconditionFailure("a name") }
        return name
    }

    static var format: FormatOffer {
        guard let format = FormatOffer(fileExtension: "echo", content: [.readPrivate, .text])
        else { preconditionFailure("a format") }
        return format
    }
}
