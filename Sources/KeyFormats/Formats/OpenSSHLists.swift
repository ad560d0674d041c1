internal import CryptoCore

/// `authorized-keys`: the keys that may log in (sshd(8)).
///
/// Options are ignored, and never written.
struct AuthorizedKeys: KeyFormat {
    let id = "authorized-keys"
    let title = "OpenSSH authorized_keys"
    let fileExtension = "authorized_keys"
    let content = KeyContent.publicKeys
    let isText = true
    private static let options: Set<String> = [
        "agent-forwarding", "cert-authority", "command", "environment", "expiry-time", "from",
        "no-agent-forwarding", "no-port-forwarding", "no-pty", "no-user-rc", "no-x11-forwarding",
        "no-touch-required", "permitlisten", "permitopen", "port-forwarding", "principals", "pty",
        "restrict", "tunnel", "user-rc", "verify-required", "x11-forwarding",
    ]

    func probe(_ bytes: RawSpan) -> Bool {
        guard SSHLines.mayBe(in: bytes), let first = SSHLines.split(bytes)?.first else {
            return false
        }
        let fields = SSHLines.fields(first.text, atMost: 4)
        return fields.first.map(SSHLines.isKind) == true
            || fields.count > 1 && SSHLines.isKind(fields[1]) && isOption(fields[0])
    }

    private func isOption(_ field: Substring) -> Bool {
        AuthorizedKeys.options.contains(field.prefix { $0 != "=" && $0 != "," }.lowercased())
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        try SSHLines.bounded(bytes).map { line in
            if let entry = try? SSHLines.key(line.text) { return entry }
            let fields = SSHLines.fields(line.text, atMost: 2)
            guard fields.count == 2, isOption(fields[0]), let entry = try SSHLines.key(fields[1])
            else { throw KeyFormatError.damagedLine(line.number, of: "authorized_keys file") }
            return entry
        }
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        SecretBytes(text: try entries.map(SSHLines.line).joined())
    }
}

/// `allowed-signers`: the keys whose signatures `ssh-keygen -Y verify` accepts (ssh-keygen(1)).
struct AllowedSigners: KeyFormat {
    let id = "allowed-signers"
    let title = "OpenSSH allowed_signers"
    let fileExtension = "allowed_signers"
    let content = KeyContent.publicKeys
    let isText = true

    func probe(_ bytes: RawSpan) -> Bool {
        guard SSHLines.mayBe(in: bytes), let first = SSHLines.split(bytes)?.first else {
            return false
        }
        let fields = SSHLines.fields(first.text, atMost: 4)
        return fields.count > 2 && (SSHLines.isKind(fields[1]) || SSHLines.isKind(fields[2]))
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        try SSHLines.bounded(bytes).compactMap { line in
            let fields = SSHLines.fields(line.text, atMost: 2)
            guard fields.count == 2 else { throw damaged(line) }
            let options = SSHLines.fields(fields[1], atMost: 2)
            // The line of a revoked key: it allows no signature (docs/signatures.md).
            if options.first?.lowercased() == AllowedSigners.deniedOption { return nil }
            let key =
                try SSHLines.key(fields[1]) ?? (options.count == 2 ? SSHLines.key(options[1]) : nil)
            guard let key else { throw damaged(line) }
            // The principals are the name. Text after the key is a comment.
            let principal = fields[0].split(separator: ",").first.map(String.init) ?? ""
            return KeyEntry(key.material, name: principal.filter { $0 != "\"" })
        }
    }

    private static let deniedOption = "namespaces=\"!*\""

    private func damaged(_ line: SSHLines.Line) -> KeyFormatError {
        KeyFormatError.damagedLine(line.number, of: "allowed_signers file")
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        let lines = try entries.map { entry in
            guard let key = entry.publicKey else { throw KeyFormatError.notOneKey }
            let principal = entry.name.filter { !$0.isWhitespace && !"\",!*?#".contains($0) }
            guard !principal.isEmpty else {
                throw KeyFormatError.notWritable(
                    "a line of allowed_signers begins with a name, and this key has none",
                    hint: "give it a name: --comment alice@example.org"
                )
            }
            return "\(Printable.text(principal)) \(SSHWire.algorithm) "
                + "\(Base64.encode(SSHWire.blob(of: key.rsa)))\n"
        }
        return SecretBytes(text: lines.joined())
    }
}

extension PublicKey {
    /// The key as an OpenSSH line without a comment: `ssh-rsa AAAA…`.
    public var openSSHLine: String {
        "\(SSHWire.algorithm) \(Base64.encode(SSHWire.blob(of: rsa)))"
    }
}
