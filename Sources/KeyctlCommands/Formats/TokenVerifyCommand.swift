internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import FoundationEssentials
internal import KeyFormats
internal import Keystore
internal import Registry
internal import Tokens

/// The command `keyctl token verify`.
struct TokenVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a JSON Web Signature by the keys of the registry, and print its payload.",
        discussion: """
            The key is the one whose thumbprint the token names ("kid"), else --user's. "exp" and \
            "nbf" are checked. Exit status: 0 verified, 2 not verified.

            Examples:
              keyctl token verify token.jwt
              echo "$TOKEN" | keyctl token verify --user alice
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(help: "The person who must have signed.", transform: KeyName.argument)
    var user: KeyName?
    @Option(help: ArgumentHelp("Seconds that clocks may differ.", valueName: "seconds"))
    var skew: Int64 = 60
    @Argument(help: ArgumentHelp("The token (default: standard input).", valueName: "file"))
    var file: String?

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let version = 1
        let verified = true
        let name: String
        let keyVersion: Int
        let algorithm: String
        let payload: String
        let note: String?
    }

    func validate() throws {
        guard (0...86_400).contains(skew) else {
            throw ValidationError("--skew is 0 to 86400 seconds")
        }
    }

    func run() throws {
        let state = try global.keystore().registry.state
        var text = try CommandInput.secret(file, limit: TokenCommand.largestByteCount).publicBytes
        while let last = text.last, last <= 0x20 { text.removeLast() }
        let token = try JSONWebSignature(compact: text)
        let (identity, version) = try signer(of: token, state)
        // The same decision as for `keyctl verify`; a token has no entry in a log.
        let judgement = state.judgement(
            onKey: version.keyDER,
            signatureDigest: token.signatureDigest,
            knownToBeFrom: nil,
            at: .now
        )
        guard let verdict = judgement?.verdict, verdict.isGood else {
            throw TokenError.notVerified(
                "it is signed by \(identity.name), version \(version.number), "
                    + (judgement?.verdict.reason ?? "which is not in your registry")
            )
        }
        try TokenTimes(payload: token.payload).require(now: Timestamp.now.seconds, clockSkew: skew)
        let note = verdict == .active ? nil : verdict.reason
        guard !global.json else {
            return try Report.json(
                Document(
                    name: identity.name.description,
                    keyVersion: version.number,
                    algorithm: token.algorithm.rawValue,
                    payload: String(decoding: token.payload, as: UTF8.self),
                    note: note
                )
            )
        }
        let who = "\(identity.name), version \(version.number)"
        Report.note("verified: signed by \(who)\(note.map { ", \($0)" } ?? "")")
        if (try? version.publicKey()) == nil {
            Report.warning("the key is weak: anybody may be able to sign with it")
        }
        try TokenCommand.write(token.payload.borrowedBytes)
    }

    private func signer(
        of token: JSONWebSignature,
        _ state: RegistryState
    ) throws -> (RegisteredIdentity, RegisteredVersion) {
        let identities =
            try user.map { [try state.known($0)] } ?? state.all.filter { !$0.isRemoved }
        guard user != nil || token.keyID != nil else {
            throw TokenError.notVerified(
                "the token does not name its key",
                hint: "name the person who must have signed it: --user NAME"
            )
        }
        for identity in identities {
            for version in identity.versions.reversed() {
                guard let key = try? version.storedKey() else { continue }
                if user == nil, key.jwkThumbprint != token.keyID { continue }
                if token.isSigned(by: key.rsa) { return (identity, version) }
            }
        }
        throw TokenError.notVerified(
            user.map { "no key of \($0) signed the token, or the token was changed" }
                ?? "no key of your registry signed the token, or the token was changed"
        )
    }
}
