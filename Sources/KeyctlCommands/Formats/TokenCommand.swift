internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import FoundationEssentials
internal import KeyFormats
internal import Keystore
internal import Registry
internal import Tokens

/// `keyctl token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make and check tokens: signed ones (JWT), and sealed ones (Fernet).",
        subcommands: [
            TokenSignCommand.self, TokenVerifyCommand.self, TokenKeyCommand.self,
            TokenSealCommand.self, TokenOpenCommand.self,
        ]
    )

    /// Largest message of a token; base64 makes it a third longer.
    static let largestMessageByteCount = 1 << 20
    /// Largest token.
    static let largestByteCount = 2 << 20

    private struct Document: Encodable {
        let version = 1
        let token: String
    }

    /// Writes a token, which is not secret.
    static func write(_ token: String, json: Bool) throws {
        guard !json else { return try Report.json(Document(token: token)) }
        try write(Array(token.utf8).borrowedBytes)
    }

    /// Writes a result as it is, as other tools take a line end as a part of it; a person gets one.
    static func write(_ bytes: RawSpan) throws {
        guard StandardOutput.isTerminal else { return try StandardOutput().write(bytes) }
        try TerminalOutput().write(bytes)
        Report.result("")
    }
}

/// `keyctl token sign`.
struct TokenSignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a payload as a JSON Web Signature.",
        discussion: """
            The payload is read from a file or standard input. With --expires it must be a JSON \
            object, and gets "iat" and "exp".

            Examples:
              echo '{"sub":"alice"}' | keyctl token sign --expires 1h
              keyctl token sign --alg RS256 --user alice claims.json
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(help: "PS256, PS512, RS256 or RS512.")
    var alg = "PS256"
    @Option(help: "Whose key signs (default: your one identity).", transform: KeyName.argument)
    var user: KeyName?
    @Option(
        help: ArgumentHelp("Lifetime of the token: 12h, 30d.", valueName: "lifetime"),
        transform: LifetimeArgument.read
    )
    var expires: Lifetime?
    @Argument(help: ArgumentHelp("The payload (default: standard input).", valueName: "file"))
    var file: String?

    func validate() throws {
        guard JSONWebSignature.Algorithm(rawValue: alg) != nil else {
            throw ValidationError("--alg is PS256, PS512, RS256 or RS512")
        }
    }

    func run() throws {
        let keystore = try global.keystore()
        let record = try user.map(keystore.record) ?? keystore.defaultRecord()
        let payload = try payload()
        let key = try global.unlock(record, in: keystore).signingKey(at: .now)
        guard let algorithm = JSONWebSignature.Algorithm(rawValue: alg) else { return }
        let token = try JSONWebSignature(signing: payload, key: key, algorithm: algorithm)
        try TokenCommand.write(token.compact, json: global.json)
    }

    private func payload() throws -> [UInt8] {
        var bytes = try CommandInput.secret(file, limit: TokenCommand.largestMessageByteCount)
            .publicBytes
        guard let expires else { return bytes }
        let malformed = TokenError.damaged(
            "the payload is not a JSON object, so --expires cannot be added to it",
            hint: "give one, such as {\"sub\":\"alice\"}, or leave out --expires"
        )
        guard let json = try? JSONText.parse(bytes.borrowedBytes), case .object(let members) = json
        else { throw malformed }
        guard json["exp"] == nil, json["iat"] == nil else {
            throw TokenError.damaged("the payload has an \"exp\" or \"iat\" of its own")
        }
        // Nothing of the payload is written anew: its numbers stay as they are.
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        bytes.removeLast()
        let now = Timestamp.now
        let times = "\"iat\":\(now.seconds),\"exp\":\(now.adding(expires).seconds)}"
        return bytes + Array((members.isEmpty ? times : "," + times).utf8)
    }
}

/// `keyctl token verify`.
struct TokenVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a JSON Web Signature by the keys of the registry, and print its payload.",
        discussion: """
            The key is the one whose thumbprint the token names ("kid"), else --user's. "exp" and \
            "nbf" are looked at. Exit status: 0 verified, 2 not verified.

            Examples:
              keyctl token verify token.jwt
              echo "$TOKEN" | keyctl token verify --user alice
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(help: "Whose token it must be.", transform: KeyName.argument)
    var user: KeyName?
    @Option(help: ArgumentHelp("Seconds that clocks may differ.", valueName: "seconds"))
    var skew: Int64 = 60
    @Argument(help: ArgumentHelp("The token (default: standard input).", valueName: "file"))
    var file: String?

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
        // Judged as `keyctl verify` judges a file's signature, of which no log knows.
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

/// `keyctl token key`.
struct TokenKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make a Fernet key.",
        discussion: """
            Examples:
              keyctl token key --out fernet.key
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        name: [.customShort("o"), .customLong("out")],
        help: ArgumentHelp("Where to write it.", valueName: "file")
    )
    var out: String

    func run() throws {
        let key = try FernetKey()
        let text = key.text
        let line = SecretBytes(count: text.count + 1) { view in
            view.copy(text.bytes, to: 0)
            view.storeBytes(of: UInt8(ascii: "\n"), toByteOffset: text.count, as: UInt8.self)
        }
        try DurableFile.create(out, with: line.bytes)
        guard !global.json else { return try Report.json(WrittenFile(file: out)) }
        Report.note("wrote \(out)")
    }
}

/// What `seal` and `open` share.
struct FernetOptions: ParsableArguments {
    @Flag(help: "Fernet, which is the only kind there is.")
    var fernet = false
    @Option(help: ArgumentHelp("The file of the Fernet key.", valueName: "file"))
    var key: String

    func read() throws -> FernetKey {
        try DurableFile.requirePrivate(key)
        let text = try DurableFile.readSecret(key, limit: 4096)
        return try FernetKey(text: text.bytes)
    }
}

/// `keyctl token seal`.
struct TokenSealCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Seal a message as a Fernet token.",
        discussion: """
            Examples:
              echo -n hello | keyctl token seal --fernet --key fernet.key
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var fernet: FernetOptions
    @Argument(help: ArgumentHelp("The message (default: standard input).", valueName: "file"))
    var file: String?

    func run() throws {
        let key = try fernet.read()
        let message = try CommandInput.secret(file, limit: TokenCommand.largestMessageByteCount)
        let token = try key.seal(message.bytes, time: Timestamp.now.seconds)
        try TokenCommand.write(token, json: global.json)
    }
}

/// `keyctl token open`.
struct TokenOpenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Open a Fernet token.",
        discussion: """
            Exit status: 0 opened, 2 damaged, of another key, expired, or from the future.

            Examples:
              keyctl token open --fernet --key fernet.key --ttl 3600 token.txt
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var fernet: FernetOptions
    @Option(help: ArgumentHelp("Seconds after which a token is too old.", valueName: "seconds"))
    var ttl: Int64?
    @Option(help: ArgumentHelp("Seconds that clocks may differ.", valueName: "seconds"))
    var skew = FernetKey.clockSkew
    @Argument(help: ArgumentHelp("The token (default: standard input).", valueName: "file"))
    var file: String?

    func validate() throws {
        guard ttl.map({ $0 > 0 }) ?? true, (0...86_400).contains(skew) else {
            throw ValidationError("--ttl and --skew must be numbers of seconds")
        }
        guard !global.json else {
            throw ValidationError("--json cannot be used here: the message is printed as it is")
        }
    }

    func run() throws {
        let key = try fernet.read()
        let token = try CommandInput.secret(file, limit: TokenCommand.largestByteCount)
        let message = try key.open(
            token.bytes,
            lifetime: ttl,
            now: Timestamp.now.seconds,
            clockSkew: skew
        )
        try TokenCommand.write(message.bytes)
    }
}
