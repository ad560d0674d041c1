internal import KeyFormats
internal import Keystore

/// The public key file that is handed out: `<home>/<name>.pub` unless another place is named.
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
