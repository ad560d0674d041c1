public import CryptoCore

/// Argon2id parameters and salt as a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt`.
struct PasswordHashString: Equatable {
    let parameters: Argon2id.Parameters
    let salt: [UInt8]

    init(parameters: Argon2id.Parameters, salt: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
    }

    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19",
            let parameters = Argon2id.Parameters(parts[3]),
            let salt = Base64.decode(parts[4], padded: false),
            salt.count == Argon2id.saltByteCount
        else { return nil }
        self.init(parameters: parameters, salt: salt)
        guard description == String(text) else { return nil }
    }

    var description: String {
        "$argon2id$v=19$\(parameters.text)$\(Base64.encode(salt, padded: false))"
    }
}

extension Argon2id.Parameters {
    /// Reads `m=…,t=…,p=…`; `m` is in KiB.
    ///
    /// Returns `nil` for every other text.
    public init?(_ text: some StringProtocol) {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0].hasPrefix("m="), fields[1].hasPrefix("t="),
            fields[2].hasPrefix("p="), let memory = UInt32(fields[0].dropFirst(2)),
            let passes = UInt32(fields[1].dropFirst(2)), let lanes = UInt32(fields[2].dropFirst(2))
        else { return nil }
        self.init(memoryKiB: memory, passes: passes, lanes: lanes)
    }

    /// The parameters as `m=…,t=…,p=…`; `m` is in KiB.
    public var text: String { "m=\(memoryKiB),t=\(passes),p=\(lanes)" }
}
