internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import FoundationEssentials
internal import KeyFormats
internal import Keystore
internal import Tokens

/// The command `keyctl token sign`.
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
    @Option(help: "The identity that signs (default: your only one).", transform: KeyName.argument)
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
        let key = try global.opener.open(record, in: keystore).signingKey(at: .now)
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
        // The payload is signed as it was written. Parsing and writing it again could change its
        // numbers.
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        bytes.removeLast()
        let now = Timestamp.now
        let times = "\"iat\":\(now.seconds),\"exp\":\(now.adding(expires).seconds)}"
        return bytes + Array((members.isEmpty ? times : "," + times).utf8)
    }
}
