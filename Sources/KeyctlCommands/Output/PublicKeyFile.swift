internal import KeyFormats
internal import Keystore

/// The public key file for other people: `<home>/<name>.pub`, unless `--out` names another path.
enum PublicKeyFile {
    static func file(
        _ name: KeyName,
        home: Home,
        out: String? = nil,
        force: Bool = false,
        isPending: Bool = false
    ) throws -> HandedOutFile {
        try HandedOutFile(
            out,
            inHome: isPending ? home.handedOutPath(name, "next.pub") : home.publicKeyPath(name),
            force: force
        )
    }
}
