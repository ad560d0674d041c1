internal import CryptoCore

/// `ssh`: one line as in `id_rsa.pub` (RFC 4253 § 6.6 in base64, and a comment).
struct OpenSSHLine: KeyFormat {
    let id = "ssh"
    let title = "OpenSSH public key, one line"
    let fileExtension = "pub"
    let content = KeyContent.publicKey
    let isText = true

    func probe(_ bytes: RawSpan) -> Bool {
        guard bytes.firstCharacter == SSHWire.algorithm.utf8.first, SSHLines.mayBe(in: bytes),
            let lines = SSHLines.split(bytes)
        else { return false }
        return lines.count == 1 && lines[0].text.hasPrefix(SSHWire.algorithm + " ")
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        guard let line = SSHLines.split(bytes)?.first, let key = try SSHLines.key(line.text)
        else { throw KeyFormatError.damaged("OpenSSH public key") }
        return [key]
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        _ = try entries.onlyPublicKey(for: self)
        return SecretBytes(text: try SSHLines.line(entries[0]))
    }
}

/// `rfc4716`: the SSH public key file format of RFC 4716.
struct RFC4716: KeyFormat {
    let id = "rfc4716"
    let title = "SSH public key (RFC 4716)"
    let fileExtension = "pub"
    let content = KeyContent.publicKey
    let isText = true
    private static let begin = "---- BEGIN SSH2 PUBLIC KEY ----"
    private static let end = "---- END SSH2 PUBLIC KEY ----"
    private static let largestLineByteCount = 72
    private static let largestHeaderByteCount = 1024

    func probe(_ bytes: RawSpan) -> Bool {
        bytes.firstCharacter == RFC4716.begin.utf8.first
            && bytes.contains(Array(RFC4716.begin.utf8))
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        let damaged = KeyFormatError.damaged("SSH public key (RFC 4716)")
        guard let lines = SSHLines.split(bytes)?.map(\.text), lines.count > 2,
            lines[0] == RFC4716.begin, lines[lines.count - 1] == RFC4716.end
        else { throw damaged }
        var comment = ""
        var index = 1
        // § 3.3: "Tag: value"; a backslash at the end continues the value in the next line.
        while lines[index].contains(":") {
            var header = lines[index]
            index += 1
            while header.hasSuffix("\\"), index < lines.count - 1 {
                header = header.dropLast() + lines[index]
                index += 1
                guard header.utf8.count <= RFC4716.largestHeaderByteCount else { throw damaged }
            }
            guard header.utf8.count <= RFC4716.largestHeaderByteCount else { throw damaged }
            let parts = header.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "comment" {
                comment = String(parts[1].drop(while: \.isWhitespace))
                if comment.count >= 2, comment.hasPrefix("\""), comment.hasSuffix("\"") {
                    comment = String(comment.dropFirst().dropLast())
                }
            }
            guard index < lines.count - 1 else { throw damaged }
        }
        guard let blob = Base64.decode(lines[index..<(lines.count - 1)].joined()) else {
            throw damaged
        }
        let key = try PublicKey(SSHWire.key(from: blob), allowingWeak: true)
        return [KeyEntry(.publicKey(key), name: comment)]
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        let key = try entries.onlyPublicKey(for: self)
        let name = entries[0].name.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline }
        var text = RFC4716.begin + "\n"
        if !name.isEmpty, name.utf8.count <= 50 { text += "Comment: \"\(name)\"\n" }
        let characters = Array(Base64.encode(SSHWire.blob(of: key.rsa)).utf8)
        for start in stride(from: 0, to: characters.count, by: RFC4716.largestLineByteCount - 2) {
            let end = min(start + RFC4716.largestLineByteCount - 2, characters.count)
            text += String(decoding: characters[start..<end], as: UTF8.self) + "\n"
        }
        return SecretBytes(text: text + RFC4716.end + "\n")
    }
}

/// Reads and writes the lines of OpenSSH's public key files.
enum SSHLines {
    private static let largestLineByteCount = 32 << 10
    private static let otherKinds = [
        "ssh-ed25519", "ecdsa-sha2-", "ssh-dss", "sk-ssh-", "sk-ecdsa-",
    ]

    struct Line {
        let number: Int
        let text: Substring
    }

    /// Returns whether a file may hold such lines.
    ///
    /// Every file is asked, also private keys, before any of it becomes text.
    static func mayBe(in bytes: RawSpan) -> Bool {
        let kinds = ["ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"]
        return kinds.contains { bytes.contains(Array($0.utf8)) }
            && !bytes.contains(Array("PRIVATE KEY".utf8))
    }

    /// Returns the lines that are neither empty nor a comment; `nil` if the bytes are not text.
    ///
    /// A line ends where OpenSSH ends it: only at a line feed.
    static func split(_ bytes: RawSpan) -> [Line]? {
        let all = SecretBytes(copying: bytes).publicBytes
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var lines: [Line] = []
        for (index, line) in all.enumerated() {
            var trimmed = line.drop(while: isBlank)
            if trimmed.last == UInt8(ascii: "\r") { trimmed.removeLast() }
            guard let first = trimmed.first, first != UInt8(ascii: "#") else { continue }
            guard trimmed.count <= largestLineByteCount, !trimmed.contains(0),
                let text = String(validating: trimmed, as: UTF8.self)
            else { return nil }
            lines.append(Line(number: index + 1, text: Substring(text)))
        }
        return lines
    }

    /// Returns the lines of a list; throws `KeyFormatError` if there are too many.
    static func bounded(_ bytes: RawSpan) throws(KeyFormatError) -> [Line] {
        let lines = split(bytes) ?? []
        guard lines.count <= KeyWork.largestKeyCount else {
            throw KeyFormatError.tooManyKeys(lines.count)
        }
        return lines
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// Splits a line at white space outside of quotes.
    static func fields(_ line: Substring, atMost count: Int) -> [Substring] {
        var fields: [Substring] = []
        var rest = line
        while fields.count < count - 1, !rest.isEmpty {
            var isQuoted = false
            var previous: Character = " "
            let end =
                rest.firstIndex { character in
                    defer { previous = character }
                    if character == "\"", previous != "\\" { isQuoted.toggle() }
                    return !isQuoted && (character == " " || character == "\t")
                } ?? rest.endIndex
            fields.append(rest[..<end])
            rest = rest[end...].drop { $0 == " " || $0 == "\t" }
        }
        if !rest.isEmpty { fields.append(rest) }
        return fields
    }

    static func isKind(_ field: Substring) -> Bool {
        field == SSHWire.algorithm || otherKinds.contains { field.hasPrefix($0) }
    }

    /// Reads `ssh-rsa AAAA… comment`; returns `nil` if the line does not begin with a kind of key.
    ///
    /// Throws `KeyFormatError` if the key is damaged.
    static func key(_ line: Substring) throws -> KeyEntry? {
        let fields = fields(line, atMost: 3)
        guard let kind = fields.first, isKind(kind) else { return nil }
        let comment = fields.count > 2 ? String(fields[2]) : ""
        guard kind == SSHWire.algorithm else {
            return KeyEntry(.otherKind(String(kind)), name: comment)
        }
        guard fields.count > 1, let blob = Base64.decode(fields[1]) else {
            throw KeyFormatError.damaged("OpenSSH public key")
        }
        let key = try PublicKey(SSHWire.key(from: blob), allowingWeak: true)
        return KeyEntry(.publicKey(key), name: comment)
    }

    static func line(_ entry: KeyEntry) throws -> String {
        guard let key = entry.publicKey else { throw KeyFormatError.notOneKey }
        let line = "\(SSHWire.algorithm) \(Base64.encode(SSHWire.blob(of: key.rsa)))"
        let comment = Printable.text(entry.name)
        return comment.isEmpty ? line + "\n" : "\(line) \(comment)\n"
    }
}
