internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import Failures
internal import KeyFormats

/// `keyctl convert`.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write a key file in another format.",
        discussion: """
            keyctl finds the format of the file by its content. A private key stays private, and \
            is encrypted, unless --public or --plaintext is given. --passphrase-… opens the old \
            file; --new-passphrase-… is for the new file.

            Formats: \(KeyFileOptions.formatIDs.joined(separator: ", ")).

            Examples:
              keyctl convert id_rsa --to pkcs8 --out id_rsa.pem
              keyctl convert server.key --to csr --comment chat.example --san dns:chat.example
              keyctl convert alice.pub --to jwk
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: KeyFileOptions

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("The new format, or the id of a trusted plugin.", valueName: "format")
    )
    var newFormat: String
    @Option(
        help: ArgumentHelp(
            "The format of the file (default: found by its content); for a plugin's format.",
            valueName: "format"
        )
    )
    var format: String?
    @Flag(name: .customLong("public"), help: "Write only the public key.")
    var isPublic = false
    @Flag(help: "Accept a weak key, with a warning.")
    var allowWeak = false
    @Argument(help: ArgumentHelp("The key file ('-': standard input).", valueName: "file"))
    var file: String

    func run() throws {
        let text = try KeyFileReader.read(file)
        let to = try global.keyFormat(newFormat)
        let read = try global.keyFile(text.bytes, from: file, as: format)
        let wantsPrivate = !isPublic && (to.content.holdsPrivateKeys || to.content.needsSigner)
        let selection = try selection(in: read, for: to)
        let chosen = selection.map { [$0.entry] } ?? read.entries
        // What could be refused for its cost is refused before the first key is examined.
        var work = KeyWork.file
        do { try work.spend(on: chosen.compactMap(\.publicKey), knownCount: 0) } catch {
            throw LocatedFailure(keyFile: file, error)
        }
        var entries: [KeyEntry] = []
        for entry in chosen {
            guard let converted = try convert(entry, wantsPrivate: wantsPrivate) else { continue }
            if let selection, let key = converted.publicKey {
                do { try selection.requireMatch(key) } catch {
                    throw LocatedFailure(keyFile: file, error)
                }
            }
            entries.append(converted)
        }
        let holdsPrivate = chosen.contains(where: \.isPrivate)
        // The only copy of a private key is given up only where the user says so.
        guard isPublic || wantsPrivate || !holdsPrivate else {
            throw CommandError.usage(
                "\(file) holds a private key, but the format \(to.title) is for public keys",
                hint: "write the private key: --to pkcs8; write its public key: --public"
            )
        }
        guard !entries.isEmpty else {
            throw CommandError.usage("\(file) holds no RSA key")
        }
        try options.write(entries, as: to, global)
    }

    /// The key that is meant of several blocks; `nil` where every key is converted.
    ///
    /// A list takes several public keys, and none of those that only vouch for another one.
    private func selection(in read: KeyFile, for to: any KeyFormat) throws -> KeySelection? {
        let isSelective = read.entries.contains { $0.isPrivate || $0.certificate != nil }
        guard read.isBundle, isSelective || !to.content.isList else { return nil }
        return try KeyFileReader.select(from: read, in: file)
    }

    private func convert(_ entry: KeyEntry, wantsPrivate: Bool) throws -> KeyEntry? {
        switch entry.material {
        case .otherKind(let kind):
            Report.warning("a key of another kind was left out: \(Printable.text(kind, limit: 64))")
            return nil
        case .publicKey(let key):
            try requireStrong(key)
            return entry
        case .privateKey(let key): return try half(key, entry.name, wantsPrivate)
        case .lockedPrivateKey(let locked):
            if !wantsPrivate, let key = locked.publicKey {
                try requireStrong(key)
                return KeyEntry(.publicKey(key), name: entry.name)
            }
            let key = try global.dialogue.unlock(locked, name: file)
            return try half(key, entry.name, wantsPrivate)
        }
    }

    private func half(_ key: RSAPrivateKey, _ name: String, _ wantsPrivate: Bool) throws -> KeyEntry
    {
        let publicKey = try PublicKey(key.publicKey, allowingWeak: true)
        try requireStrong(publicKey)
        return KeyEntry(wantsPrivate ? .privateKey(key) : .publicKey(publicKey), name: name)
    }

    private func requireStrong(_ key: PublicKey) throws {
        let examination = KeyExamination(known: [], compromised: .published)
        do { try WeakKeys.judge(key, by: examination, allowing: allowWeak) } catch let error
            as KeyFormatError
        { throw LocatedFailure(keyFile: file, error) }
    }
}
