internal import CryptoCore
internal import KeyFormats

/// `keys.jwks`: a set of JSON Web Keys (RFC 7517 § 5).
struct JWKSExporter: RegistryExporter {
    let id = "keys.jwks"
    let title = "JSON Web Key Set"

    func files(_ keys: ExportedKeys) throws -> [SyncedFile] {
        guard let format = KeyFormats.named("jwks") else { preconditionFailure("a format of ours") }
        let entries = keys.active.map { KeyEntry(.publicKey($0.key), name: $0.name.description) }
        let content = try format.encode(entries, KeyEncoding(time: keys.time))
        return [SyncedFile(path: id, content: content.publicBytes)]
    }
}
