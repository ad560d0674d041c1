internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl fingerprint`.
struct FingerprintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fingerprint",
        abstract: "Show a key's fingerprint, in a form to compare by eye, ear or log.",
        discussion: """
            The key is a name of the registry or a key file. With --with two people see the same 60
            digits when each has the other's key: read them to each other over the telephone.

            Examples:
              keyctl fingerprint alice
              keyctl fingerprint alice --with bob
              keyctl fingerprint id_rsa.pub --style randomart
            """
    )

    /// The ways to show a fingerprint.
    enum Style: String, CaseIterable, ExpressibleByArgument {
        case sha256
        case md5
        case randomart
        case bubblebabble
        case words
        case thumbprint
    }

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("A name, or a key file.", valueName: "key"))
    var key: String
    @Option(
        help: ArgumentHelp(
            "sha256, md5 (broken: for old logs), randomart, bubblebabble, words, thumbprint (JWK).",
            valueName: "style"
        )
    )
    var style: Style = .sha256
    @Option(help: ArgumentHelp("The number that this key and another share.", valueName: "key"))
    var with: String?

    private struct Document: Encodable {
        let version = 1
        let bits: Int
        let sha256: String
        let md5: String
        let bubblebabble: String
        let words: String
        let thumbprint: String
        let pairNumber: String?
    }

    func run() throws {
        let first = try find(key)
        let pair = try with.map { try PairNumber(first, find($0)) }
        guard !global.json else {
            return try Report.json(
                Document(
                    bits: first.rsa.bitCount,
                    sha256: first.fingerprint.description,
                    md5: first.insecureMD5Fingerprint(),
                    bubblebabble: first.bubbleBabbleFingerprint(),
                    words: first.fingerprintWords,
                    thumbprint: first.jwkThumbprint,
                    pairNumber: pair?.description
                )
            )
        }
        if let pair { return Report.result(pair.description) }
        switch style {
        case .sha256: Report.result(first.fingerprint.description)
        case .md5: Report.result(try first.insecureMD5Fingerprint())
        case .randomart: Report.result(first.randomart)
        case .bubblebabble: Report.result(try first.bubbleBabbleFingerprint())
        case .words: Report.result(first.fingerprintWords)
        case .thumbprint: Report.result(first.jwkThumbprint)
        }
    }

    /// A name of the registry first; else a file.
    private func find(_ text: String) throws -> PublicKey {
        if let name = try? KeyName(text), !text.contains("/") {
            let state = try global.keystore().registry.state
            if let identity = state.identity(name), !identity.isRemoved {
                if let frozen = state.frozenError(identity) { Report.warning(frozen.message) }
                if identity.latest.isRevoked {
                    Report.warning("the key of \"\(name)\" is REVOKED: trust it for nothing")
                }
                return try identity.latest.storedKey()
            }
            guard DurableFile.exists(text) else {
                _ = try state.known(name)
                throw ExitCode.failure
            }
        }
        let content = try KeyFileReader.read(text)
        let file = try KeyFormats.decode(content.bytes)
        guard let key = file.entries.lazy.compactMap(\.publicKey).first else {
            throw CommandError.usage(
                "\(text) does not show its public key without its passphrase",
                hint: "write it first: keyctl convert \(text) --to pem --public"
            )
        }
        return key
    }
}
