internal import CryptoCore

@testable import KeyFormats
@testable import Keystore
@testable import Registry
@testable import SecurechatCommands

/// Targets for short texts: options, file names, fields, lists of lines, and the chat's settings.
enum TextTargets {
    static let all = [words, compromised, revocationList, settings]

    /// Names, times, lifetimes, fingerprints, addresses: texts of one field.
    private static let words = FuzzTarget(
        "words",
        largestByteCount: 256,
        seeds: { world in
            [
                "alice.laptop-2", "key_Alice.pem", "2026-05-29T02:26:40Z", "0000-03-01T00:00:00Z",
                "18m", "100y", "36500d", "\(world.aliceKey.fingerprint)",
                world.aliceKey.identityID.description, "rotate-every=90d keep=3",
                "m=19456,t=2,p=1", "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA",
                "chat.example:5000", "[::1]:5000", "dns:chat.example",
            ].map { Array($0.utf8) }
        },
        decode: { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let read = readings(of: text)
            return read.isEmpty ? nil : Array(read.joined(separator: " ").utf8)
        }
    )

    private static func readings(of text: String) -> [String] {
        var read: [String] = []
        if let name = try? KeyName(text) { read.append("name \(name)") }
        if let name = try? KeyName(fileName: text) { read.append("file \(name)") }
        if let time = try? Timestamp(text) {
            let next = (try? Lifetime("100y")).map(time.adding)
            read.append("time \(time) \(time.seconds) \(next?.seconds ?? 0)")
            _ = (time.adding(seconds: RegistryState.toleratedSeconds), next?.description)
        }
        if let lifetime = try? Lifetime(text) {
            read.append("lifetime \(lifetime) \(FuzzWorld.start.adding(lifetime))")
        }
        if let fingerprint = Fingerprint(text) { read.append("fingerprint \(fingerprint)") }
        if let digest = SHA256Digest(hexadecimal: text) { read.append("digest \(digest)") }
        if let policy = RotationPolicy(text) { read.append("policy \(policy)") }
        if let costs = Argon2id.Parameters(text) { read.append("costs \(costs.isReadable)") }
        if let hash = PasswordHashString(text) { read.append("hash \(hash.description)") }
        if let address = try? Address(text) { read.append("address \(address)") }
        let subject = try? CertificateSubject(commonName: "chat", alternativeNames: [text])
        if let subject { read.append("subject \(subject)") }
        _ = (Printable.text(text, limit: 20), Printable.shellWord(text))
        return read
    }

    /// The home's own list of compromised keys.
    private static let compromised = FuzzTarget(
        "compromised-keys",
        seeds: { world in
            let fingerprint = world.aliceKey.fingerprint
            return ["# list\n\(fingerprint) a note\n\n\(world.bobKey.fingerprint)\n"].map {
                Array($0.utf8)
            }
        },
        decode: { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let keys = try CompromisedKeys.published.adding(text)
            let source = keys.source(of: FuzzWorld.shared.aliceKey.fingerprint)
            return Array("\(source ?? "-") \(text.utf8.count)".utf8)
        }
    )

    /// A revocation list of the keys in an OpenSSH list.
    ///
    /// Such files are written, and not read.
    private static let revocationList = FuzzTarget(
        "revocation-list",
        seeds: { world in
            let lines = [world.aliceKey, world.bobKey].map { "\($0.openSSHLine)\n" }
            return [Array(lines.joined().utf8), Array(lines[0].utf8)]
        },
        decode: { bytes in
            guard let format = KeyFormats.named("authorized-keys"),
                format.probe(bytes.borrowedBytes)
            else { return nil }
            let keys = try format.decode(bytes.borrowedBytes).compactMap(\.publicKey)
            let list = KeyRevocationList.encode(keys, number: keys.count, time: FuzzWorld.start)
            let turned = KeyRevocationList.encode(
                keys.reversed(),
                number: keys.count,
                time: FuzzWorld.start
            )
            try FuzzFault.require(list == turned, "the order of the keys shows in the list")
            return list
        }
    )

    /// `config.json` and `user_config.json`.
    private static let settings = FuzzTarget(
        "settings",
        seeds: { _ in
            [
                "{\"server_ip\":\"127.0.0.1\",\"server_port\":5000,\"admin\":[\"alice\"]}",
                "{\"server_port\":\"5000\",\"history\":100,\"retention_days\":1e3}",
            ].map { Array($0.utf8) }
        },
        decode: { try SettingsReader.read($0) }
    )
}
