import CryptoCore
import KeyFormats
import TestSupport
import Testing

struct FormatTests {
    @Test(arguments: [
        "alice", "a", "0", "a.b-c_d", "x234567890123456789012345678901_",
    ])
    func `names`(_ text: String) throws {
        #expect(try KeyName(text).description == text)
    }

    @Test(arguments: [
        "", "Alice", ".a", "-a", "_a", "a b", "a/b", "../a", "ä", "a\n", "a\u{0}",
        "x2345678901234567890123456789012x",
    ])
    func `what is no name`(_ text: String) {
        #expect(throws: KeyFormatError.self) { _ = try KeyName(text) }
    }

    @Test func `a name comes from a file's name`() throws {
        for (file, name) in [
            ("server.pub", "server"), ("key_alice.pem", "alice"), ("Bob.PEM", "bob"),
            ("carol", "carol"), ("dora.v2.der", "dora.v2"),
        ] {
            #expect(try KeyName(fileName: file).description == name)
        }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (1_795_226_400, "2026-11-21T02:00:00Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
        (-1, "1969-12-31T23:59:59Z"),
    ])
    func `times`(_ seconds: Int64, _ text: String) throws {
        #expect(Timestamp(seconds: seconds).description == text)
        #expect(try Timestamp(text).seconds == seconds)
    }

    @Test(arguments: [
        "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-01T24:00:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00", "",
        "+026-01-01T00:00:00Z", "2026-01-01T00:00:60Z",
    ])
    func `what is no time`(_ text: String) {
        #expect(throws: KeyFormatError.self) { _ = try Timestamp(text) }
    }

    @Test func `lifetimes follow the calendar`() throws {
        let start = try Timestamp("2024-02-29T12:00:00Z")
        #expect(try start.adding(Lifetime("1y")).description == "2025-02-28T12:00:00Z")
        #expect(try start.adding(Lifetime("12m")) == start.adding(Lifetime("1y")))
        #expect(try start.adding(Lifetime("1d")).description == "2024-03-01T12:00:00Z")
        #expect(try start.adding(Lifetime("2w")).description == "2024-03-14T12:00:00Z")
        for text in ["", "1", "d", "0d", "-1d", "1x", "101y", "99999999999999999999d"] {
            #expect(throws: KeyFormatError.self) { _ = try Lifetime(text) }
        }
    }

    @Test func `every format gives back the key that it was given, and nothing from less or more`()
        throws
    {
        let privateKey = TestKeys.all[0]
        let publicKey = try PublicKey(privateKey.publicKey)
        let secret = Passphrase(SecretBytes(copying: Array("secret".utf8).borrowedBytes))
        for format in KeyFormats.all {
            let isPrivate = format.content.holdsPrivateKeys || format.content.needsSigner
            let entry = KeyEntry(
                isPrivate ? .privateKey(privateKey) : .publicKey(publicKey),
                name: "alice"
            )
            let passphrase = format.content.isEncryptable ? secret : nil
            // OpenSSH's key derivation is slow in a debug build, so it is tested once, below.
            let encoding = KeyEncoding(
                passphrase: format.id == "openssh" ? nil : passphrase,
                time: .now
            )
            let bytes = try format.encode([entry], encoding).publicBytes
            #expect(try key(in: bytes, secret) == publicKey, "\(format.id)")
            // One line of authorized_keys is an OpenSSH public key.
            let id = format.id == "authorized-keys" ? "ssh" : format.id
            #expect(try KeyFormats.decode(bytes.borrowedBytes).format.id == id)
            // After a PEM block, text is a comment (RFC 7468 § 2). After everything else, it is
            // damage.
            let more = bytes + Array("\nx".utf8)
            if PEM.label(of: bytes.borrowedBytes) == nil {
                #expect(throws: (any Error).self, "\(format.id)") { _ = try key(in: more, secret) }
            } else {
                #expect(try key(in: more, secret) == publicKey)
            }
            for count in stride(from: 0, to: bytes.count - 2, by: 41) {
                let part = try? key(in: Array(bytes.prefix(count)), secret)
                // The part that is cut off may be a comment. The result is never another key.
                #expect(part == nil || part == publicKey, "\(format.id), \(count) bytes")
            }
        }
    }

    @Test func `the work for the keys of a file and of a command is bounded`() throws {
        let modulus = [UInt8](repeating: 0xff, count: 1024)
        let rsa = try RSAPublicKey(modulus: modulus, exponent: [1, 0, 1])
        let long = try PublicKey(rsa, allowingWeak: true)
        var file = KeyWork.file
        try file.spend(on: Array(repeating: long, count: 64), knownCount: 0)
        #expect(throws: KeyFormatError.self) { try file.spend(on: [long], knownCount: 0) }
        var command = KeyWork.command
        for _ in 0..<640 { try command.spend(on: [long], knownCount: 0) }
        #expect(throws: KeyFormatError.self) { try command.spend(on: [long], knownCount: 0) }
        // A key that is compared with very many costs more. A key that is too long costs nothing.
        var compared = KeyWork.file
        #expect(throws: KeyFormatError.self) {
            try compared.spend(on: [long, long, long], knownCount: 1_000_000)
        }
        // The first statement is examined even if the registry is large. Then the budget is used
        // up.
        try compared.spend(on: [long, long], knownCount: 1_000_000)
        #expect(throws: KeyFormatError.self) { try compared.spend(on: [long], knownCount: 0) }
        let modulusTooLong = [UInt8](repeating: 0xff, count: 2048)
        let tooLong = try PublicKey(
            RSAPublicKey(modulus: modulusTooLong, exponent: [1, 0, 1]),
            allowingWeak: true
        )
        try compared.spend(on: Array(repeating: tooLong, count: 1_000), knownCount: 1_000_000)
    }

    private func key(in bytes: [UInt8], _ passphrase: Passphrase) throws -> PublicKey {
        let file = try KeyFormats.decode(bytes.borrowedBytes)
        try #require(file.entries.count == 1)
        switch file.entries[0].material {
        case .publicKey(let key): return key
        case .privateKey(let key): return try PublicKey(key.publicKey)
        case .lockedPrivateKey(let locked):
            let key = try passphrase.bytes.withBytes { try locked.open(passphrase: $0) }
            return try PublicKey(key.publicKey)
        case .otherKind: throw CryptoError.malformed("test: another kind")
        }
    }

    @Test func `an OpenSSH key under a passphrase opens with it alone`() throws {
        let format = try #require(KeyFormats.named("openssh"))
        let right = Passphrase(SecretBytes(copying: Array("right".utf8).borrowedBytes))
        let wrong = Passphrase(SecretBytes(copying: Array("wrong".utf8).borrowedBytes))
        let bytes = try format.encode(
            [KeyEntry(.privateKey(TestKeys.all[0]), name: "alice")],
            KeyEncoding(passphrase: right, time: .now)
        ).publicBytes
        #expect(try key(in: bytes, right) == PublicKey(TestKeys.all[0].publicKey))
        #expect(throws: CryptoError.self) { _ = try key(in: bytes, wrong) }
    }

    @Test func `nothing that moves a cursor or reverses a line is printed`() {
        #expect(
            Printable.text("a\u{1B}[2Jb\r\n\u{202E}c\u{0}")
                == "a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}\u{FFFD}c\u{FFFD}"
        )
        #expect(Printable.text("grüße 👩‍🚀 日本") == "grüße 👩‍🚀 日本")
    }

    @Test(arguments: ["AA", "AB", "AAAA"])
    func `a key whose exponent is zero is no key`(exponent: String) throws {
        let modulus = Base64URL.encode(TestKeys.all[0].publicKey.modulus)
        let text = "{\"kty\":\"RSA\",\"n\":\"\(modulus)\",\"e\":\"\(exponent)\"}"
        #expect(throws: (any Error).self) {
            try KeyFormats.decode(Array(text.utf8).borrowedBytes)
        }
    }

    @Test(arguments: [
        "a\tb", "\u{200F}שלום\u{200E} (abc)", "🏴󠁧󠁢󠁳󠁣󠁴󠁿 and 🏴󠁧󠁢󠁷󠁬󠁳󠁿", "soft\u{AD}hyphen", "🏴‍☠️", "🇨🇭", "\u{0600}12",
    ])
    func `what is harmless in a message stays as it is`(text: String) {
        #expect(Printable.messageLines(text) == [text])
    }

    @Test func `a message's line breaks make lines, and what drives a terminal is replaced`() {
        #expect(Printable.messageLines("a\r\nb\nc\rd\u{2028}e") == ["a", "b", "c", "d", "e"])
        #expect(Printable.messageLines("") == [""])
        #expect(
            Printable.messageLines("\u{1B}[2J\u{202E}\u{2066}\u{9B}\u{7F}")
                == ["\u{FFFD}[2J\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"]
        )
        // Tag characters outside of a flag hide text: without a flag, without an end, too many.
        let hidden = "\u{E0068}\u{E0069}"
        let many = String(repeating: "\u{E0061}", count: 7) + "\u{E007F}"
        for (text, count) in [
            ("x" + hidden + "\u{E007F}", 3), ("\u{1F3F4}" + hidden, 2), ("\u{1F3F4}" + many, 8),
        ] {
            let shown = Printable.messageLines(text).joined()
            #expect(shown.unicodeScalars.count { $0 == "\u{FFFD}" } == count)
        }
    }
}
