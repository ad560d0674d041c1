internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import Glibc
internal import KeyFormats
internal import KeyOperations

/// How a key file is written: what `export` and `convert` share.
struct KeyFileOptions: ParsableArguments {
    @Flag(help: "Write a private key unencrypted: everybody who can read the file has the key.")
    var plaintext = false
    @Flag(help: "Encrypt PKCS#8 with scrypt instead of PBKDF2.")
    var scrypt = false
    @Option(
        help: ArgumentHelp("The comment, key name or principal written with it.", valueName: "text")
    )
    var comment: String?
    @Option(
        help: ArgumentHelp(
            "Alternative name of a certificate or request: dns:host, ip:address, email:…, uri:….",
            valueName: "name"
        )
    )
    var san: [String] = []
    @Option(help: ArgumentHelp("For how many days a certificate is valid.", valueName: "days"))
    var days: Int64 = 365
    @OptionGroup var destination: OutputOptions

    func validate() throws {
        guard (1...36_500).contains(days) else {
            throw ValidationError("--days must be from 1 to 36500")
        }
    }

    static let formatIDs = KeyFormats.all.map(\.id)

    /// Encodes and writes keys; a private key is encrypted, or `--plaintext` says otherwise.
    ///
    /// `signer` signs a certificate or a request.
    func write(
        _ entries: [KeyEntry],
        as format: any KeyFormat,
        signer: (any SigningKey)? = nil,
        _ global: GlobalOptions
    ) throws {
        let named = entries.map { entry in
            comment.map { KeyEntry(entry.material, name: $0) } ?? entry
        }
        let writesPrivateKeys =
            format.content.holdsPrivateKeys
            && named.contains { entry in
                if case .privateKey = entry.material { true } else { false }
            }
        var encoding = KeyEncoding(
            usesScrypt: scrypt,
            subject: try subject(named.first?.name ?? ""),
            dayCount: days,
            time: .now,
            signer: signer
        )
        if writesPrivateKeys {
            if plaintext {
                guard format.id != "pkcs12" else {
                    throw CommandError.usage("a PKCS#12 file must have a passphrase")
                }
                Report.warning(
                    "this file has no passphrase: everybody who can read the file has the key"
                )
            } else {
                guard format.content.isEncryptable else {
                    throw CommandError.usage(
                        "\(format.title) cannot be encrypted",
                        hint: "use pkcs8, openssh or pkcs12; add --public for the public key, or "
                            + "--plaintext to write the private key without encryption"
                    )
                }
                encoding.passphrase = try global.newPassphrase(
                    prompt: "Passphrase for the file",
                    reusing: true
                )
                if global.givesPassphrase, !global.givesNewPassphrase(reusing: false) {
                    Report.warning(
                        "the file opens with the same passphrase as the key that it was made from, "
                            + "and guessing it is faster there than in a keystore"
                    )
                    Report.hint(
                        "give the file a passphrase of its own: --new-passphrase-file FILE"
                    )
                }
            }
        }
        let bytes = try format.encode(named, encoding)
        try write(
            bytes.bytes,
            isText: format.isText,
            mode: writesPrivateKeys ? DurableFile.privateMode : DurableFile.publicMode,
            json: global.json
        )
    }

    /// Writes what is encoded already.
    func write(
        _ bytes: RawSpan,
        isText: Bool,
        mode: UInt32 = DurableFile.publicMode,
        json: Bool
    ) throws {
        let file = destination.out == "-" ? nil : destination.out
        guard !json || file != nil else {
            throw CommandError.usage(
                "with --json the key must be written to a file",
                hint: "add --out FILE; for JSON about keys: keyctl show, keyctl inspect"
            )
        }
        let output = try FileOutput(destination, from: nil, isText: isText, mode: mode)
        try output.sink.write(bytes)
        try output.commit()
        guard let file else { return }
        guard !json else { return try Report.json(WrittenFile(file: file)) }
        Report.note("wrote \(file)")
    }

    private func subject(_ name: String) throws -> CertificateSubject? {
        guard !san.isEmpty || comment != nil else { return nil }
        return try CertificateSubject(
            commonName: comment ?? CertificateSubject.commonName(from: name) ?? "key",
            alternativeNames: san
        )
    }
}
