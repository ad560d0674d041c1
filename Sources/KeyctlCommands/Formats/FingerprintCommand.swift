internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import Failures
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl fingerprint`.
struct FingerprintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fingerprint",
        abstract: "Print a key's fingerprint, in a form to compare by eye, by voice or with a log.",
        discussion: """
            The key is a name of the registry or a key file. With --with, two people see the same \
            sixty digits if each has the other's key. Read them to each other over the telephone.

            Examples:
              keyctl fingerprint alice
              keyctl fingerprint alice --with bob
              keyctl fingerprint id_rsa.pub --style randomart
              keyctl fingerprint authorized_keys
            """
    )

    /// The forms in which a fingerprint is shown.
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
    @Option(help: ArgumentHelp("Print the number for this and another key.", valueName: "key"))
    var with: String?

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let version = 1
        let name: String?
        let bits: Int
        let sha256: String
        let md5: String
        let bubblebabble: String
        let words: String
        let thumbprint: String
        let pairNumber: String?
    }

    func run() throws {
        let keys = try find(key)
        let pair = try with.map { try PairNumber(only(keys, in: key), only(find($0), in: $0)) }
        if let pair, !global.json { return Report.block(pair.description) }
        for entry in keys {
            guard !global.json else {
                try Report.json(document(entry, pair))
                continue
            }
            // With several keys, each fingerprint is shown with its name.
            let name = Printable.text(entry.name, limit: 80)
            let isBlock = style == .randomart
            if keys.count > 1, isBlock { Report.result(name) }
            let suffix = keys.count > 1 && !isBlock ? "  \(name)" : ""
            Report.block(try text(entry.key) + suffix)
        }
    }

    private typealias Entry = (key: PublicKey, name: String)

    private func text(_ key: PublicKey) throws -> String {
        switch style {
        case .sha256: key.fingerprint.description
        case .md5: try key.insecureMD5Fingerprint()
        case .randomart: key.randomart
        case .bubblebabble: try key.bubbleBabbleFingerprint()
        case .words: key.fingerprintWords
        case .thumbprint: key.jwkThumbprint
        }
    }

    private func document(_ entry: Entry, _ pair: PairNumber?) throws -> Document {
        Document(
            name: entry.name.isEmpty ? nil : entry.name,
            bits: entry.key.rsa.bitCount,
            sha256: entry.key.fingerprint.description,
            md5: try entry.key.insecureMD5Fingerprint(),
            bubblebabble: try entry.key.bubbleBabbleFingerprint(),
            words: entry.key.fingerprintWords,
            thumbprint: entry.key.jwkThumbprint,
            pairNumber: pair?.description
        )
    }

    private func only(_ keys: [Entry], in text: String) throws -> PublicKey {
        // A private key and its certificate in one file hold the same public key, so they count as
        // one.
        guard let first = keys.first, keys.allSatisfy({ $0.key == first.key }) else {
            throw CommandError.usage(
                "\(text) holds \(keys.count) keys, but --with compares exactly two keys"
            )
        }
        return first.key
    }

    /// Finds the keys of a name of the registry; if there is no such name, the keys of a file.
    private func find(_ text: String) throws -> [Entry] {
        if let name = try? KeyName(text), !text.contains("/") {
            let state = try global.keystore().registry.state
            if let identity = state.identity(name), !identity.isRemoved {
                if let frozen = state.frozenError(identity) { Report.warning(frozen.message) }
                if identity.latest.isRevoked {
                    Report.warning("the key of \"\(name)\" is REVOKED: do not trust it")
                }
                return [(try identity.latest.storedKey(), name.description)]
            }
            guard DurableFile.exists(text) else {
                _ = try state.known(name)
                throw ExitCode.failure
            }
        }
        let content = try KeyFileReader.read(text)
        let entries = try KeyFormats.decode(content.bytes, from: text).entries
        let keys: [Entry] = entries.compactMap { entry in
            entry.publicKey.map { ($0, entry.name) }
        }
        guard !keys.isEmpty else {
            throw CommandError.usage(
                "\(text) does not show its public key without its passphrase",
                hint: "write it first: keyctl convert \(text) --to pem --public"
            )
        }
        if keys.count < entries.count {
            Report.warning(
                "\(entries.count - keys.count) keys were left out: they are of other kinds, or "
                    + "encrypted"
            )
        }
        return keys
    }
}
