// A plugin of keyctl in Swift, with the library product KeyctlPlugin.
//
// It adds a list of names (keyctl sync --only hello), a passphrase source that asks the user
// (keyctl plugin bind hello), and a key format (--format hello-text).
internal import CryptoCore
internal import PluginWire
internal import Stanzas

struct HelloPlugin: Plugin {
    let version = "1.0.0"
    let offers: [Offer]

    init?() {
        guard let hello = OfferID("hello"), let text = OfferID("hello-text"),
            let format = FormatOffer(
                fileExtension: "txt",
                content: [.readPublic, .writePublic, .text]
            )
        else { return nil }
        offers = [
            Offer(.export, hello, title: "a list of names"),
            Offer(.secret, hello, title: "the user, asked by the example"),
            Offer(.format(format), text, title: "public key as two lines of text"),
        ]
    }

    mutating func answer(
        _ request: PluginRequest,
        asking host: HostDialogue
    ) throws -> [PluginData] {
        switch request {
        case .exportFiles(_, let keys):
            return [.exportedFile(path: "hello", content: names(in: keys))]
        case .secret(_, _, let prompt):
            let secret = try host.askSecret(prompt)
            return [.secret(StanzaBody(secret.bytes))]
        case .readKeys(_, let file): return [try key(in: file.publicBytes)]
        case .writePublicKey(_, let key, let comment):
            let text = "hello-key \(comment ?? "-")\n\(Base64.encode(key))\n"
            return [.file(StanzaBody(Array(text.utf8)))]
        default: throw PluginRefusal(.unsupported)
        }
    }

    private func names(in keys: [UInt8]) -> [UInt8] {
        var names: [Substring] = []
        for line in String(decoding: keys, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words[0] == "active", names.last != words[1] else { continue }
            names.append(words[1])
        }
        return Array(names.map { $0 + "\n" }.joined().utf8)
    }

    /// Reads a line `hello-key COMMENT`, and a line with the key in base64.
    private func key(in file: [UInt8]) throws -> PluginData {
        let lines = String(decoding: file, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, lines[0].hasPrefix("hello-key ") else {
            throw PluginRefusal(.notMine, "the first line is not \"hello-key COMMENT\"")
        }
        guard let key = Base64.decode(lines[1]) else {
            throw PluginRefusal(.invalid, "the second line is not base64")
        }
        return .publicKey(key, comment: String(lines[0].dropFirst("hello-key ".count)))
    }
}

guard let plugin = HelloPlugin() else { preconditionFailure("an id breaks the rules") }
PluginMain.run(plugin)
