// A token for the tests: a plugin that keeps RSA keys as files in $TOKEN_FOLDER, with no protection.
// A file "mode" in the folder makes it fail: it names what it does wrong.
internal import CryptoCore
internal import DurableFiles
internal import Glibc
internal import KeyOperations
internal import PluginWire
internal import Stanzas

struct TokenPlugin: Plugin {
    let version = "0.1"
    let offers: [Offer]
    private let folder: String
    private static let limit = 1 << 16

    init?() {
        guard let id = OfferID("token"), let folder = unsafe getenv("TOKEN_FOLDER") else {
            return nil
        }
        offers = [Offer(.provider, id, title: "token of the tests")]
        self.folder = unsafe String(cString: folder)
    }

    mutating func answer(
        _ request: PluginRequest,
        asking host: HostDialogue
    ) throws -> [PluginData] {
        let mode = self.mode
        guard mode != "unavailable" else { throw PluginRefusal(.unavailable, "no token is there") }
        switch request {
        case .generate(let bitCount, let label, let place):
            let key = try RSAPrivateKey.generate(bitCount: bitCount)
            let name = place ?? label.filter { $0 != " " }
            let der = try key.pkcs8DERRepresentation()
            try DurableFile.replace("\(folder)/\(name).key", with: der.bytes)
            return [.key(try description(name, mode))]
        case .list(let place):
            return try DurableFile.names(in: folder).filter { $0.hasSuffix(".key") }
                .map { String($0.dropLast(4)) }
                .filter { place == nil || place == $0 }
                .map { .key(try description($0, mode)) }
        case .open(let reference): return [.key(try description(try name(reference), mode))]
        case .sign(let reference, let request):
            var signature = try key(try name(reference)).sign(request)
            if mode == "wrong-signature" { signature[0] ^= 1 }
            return [.signature(signature)]
        case .unwrap(let reference, let ciphertext, let label):
            let key = try key(try name(reference))
            do {
                let secret = try key.decrypt(ciphertext, label: label)
                return [.secret(StanzaBody(secret.bytes))]
            } catch { throw PluginRefusal(.invalid) }
        case .delete(let reference):
            try DurableFile.remove("\(folder)/\(try name(reference)).key")
            return []
        default: throw PluginRefusal(.unsupported)
        }
    }

    private var mode: String {
        let bytes = (try? DurableFile.read("\(folder)/mode", limit: 64)) ?? []
        return String(decoding: bytes.filter { $0 > 32 }, as: UTF8.self)
    }

    private func name(_ reference: [UInt8]) throws -> String {
        let name = String(decoding: reference, as: UTF8.self)
        guard !name.contains("/"), DurableFile.exists("\(folder)/\(name).key") else {
            throw PluginRefusal(.notFound, "there is no key \"\(name)\"")
        }
        return name
    }

    private func key(_ name: String) throws -> RSAPrivateKey {
        let der = try DurableFile.readSecret("\(folder)/\(name).key", limit: TokenPlugin.limit)
        return try RSAPrivateKey(der: der.bytes)
    }

    private func description(_ name: String, _ mode: String) throws -> KeyDescription {
        var operations = KeyOperation.all
        if mode == "no-statement" { operations.remove(.signStatement) }
        let publicKey =
            mode == "other-key"
            ? try RSAPrivateKey.generate(bitCount: 2048).publicKey
            : try key(name).publicKey
        return KeyDescription(
            reference: Array(name.utf8),
            confirmation: .none,
            allowsUnattendedUse: true,
            operations: operations,
            publicKey: try publicKey.spkiDERRepresentation()
        )
    }
}

guard let plugin = TokenPlugin() else { exit(1) }
PluginMain.run(plugin)
