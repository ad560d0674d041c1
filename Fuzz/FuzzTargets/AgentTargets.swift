internal import CryptoCore
internal import KeyOperations

@testable import AgentProtocol
@testable import KeyFormats

/// Targets for the messages of the agent's two sockets, and for what it signs.
enum AgentTargets {
    static let all = [ssh, own, statement]

    private static let now = AgentTime(milliseconds: 1)
    private static let lockTypes: Set<UInt8> = [OwnKind.lock, OwnKind.unlock, 22, 23]

    private static func keyring() throws -> Keyring {
        var keyring = Keyring()
        try keyring.add(
            HeldKey(
                .rsa(FuzzKeys.alice),
                comment: "alice",
                identity: identity,
                policy: KeyPolicy(),
                now: now
            )
        )
        return keyring
    }

    private static let identity = HeldIdentity(
        name: "alice",
        version: 1,
        id: SHA256Digest(hashing: [1]),
        home: "/home",
        signs: true,
        isServer: false
    )

    private static var blob: [UInt8] { SSHWire.blob(of: FuzzKeys.alice.publicKey) }

    private static func reply(_ action: consuming AgentAction) -> [UInt8]? {
        guard case .reply(let bytes) = consume action else { return nil }
        return bytes.publicBytes
    }

    /// The SSH socket: an answer is one whole message, and only logins and SSHSIG are signed.
    private static let ssh = FuzzTarget(
        "agent-ssh",
        largestByteCount: 8_192,
        seeds: { _ in
            let login =
                SSHWire.string([1, 2, 3]) + [50] + AgentFrame.text("alice")
                + AgentFrame.text("ssh-connection") + AgentFrame.text("publickey") + [1]
                + AgentFrame.text("rsa-sha2-512") + SSHWire.string(blob)
            let signature =
                Array("SSHSIG".utf8) + AgentFrame.text("file") + AgentFrame.text("")
                + AgentFrame.text("sha256") + SSHWire.string([UInt8](repeating: 1, count: 32))
            func request(_ data: [UInt8]) -> [UInt8] {
                [13] + SSHWire.string(blob) + SSHWire.string(data) + SSHWire.number(4)
            }
            return [
                [11], request(login), request(signature), [18] + SSHWire.string(blob),
                [27] + AgentFrame.text("query"),
            ]
        },
        decode: { bytes in
            guard let first = bytes.first, !lockTypes.contains(first) else { return nil }
            var keyring = try keyring()
            var connection = SSHConnection(hasEarlierAgent: false)
            let action = connection.receive(bytes.borrowedBytes, &keyring, now: now)
            guard let reply = reply(action) else {
                throw FuzzFault(message: "no answer to a message")
            }
            guard reply.count > 4, reply.count - 4 == reply[..<4].reduce(0, { $0 << 8 | Int($1) })
            else { throw FuzzFault(message: "an answer with a wrong length") }
            guard reply[4] != 5, reply[4] != 28 else { return nil }
            return bytes
        }
    )

    /// The own socket: a request is read as it was written.
    private static let own = FuzzTarget(
        "agent-own",
        largestByteCount: 8_192,
        seeds: { _ in
            let key = SHA256Digest(hashing: blob)
            let requests: [OwnRequest] = [
                .hello(version: 1), .status, .unwrap(key, label: [1], ciphertext: [2]),
                .signDigest(key, .bare, digest: [UInt8](repeating: 1, count: 64)),
                .signStatement(key, [1]), .add(identity, KeyPolicy(), FuzzKeys.bob),
                .remove("alice"), .stop,
            ]
            return try requests.map { Array(try $0.encoded().publicBytes.dropFirst(4)) }
        },
        decode: { bytes in
            guard let first = bytes.first, !lockTypes.contains(first),
                let request = OwnRequest(bytes.borrowedBytes)
            else { return nil }
            let again = Array(try request.encoded().publicBytes.dropFirst(4))
            guard let second = OwnRequest(again.borrowedBytes) else {
                throw FuzzFault(message: "a written request cannot be read")
            }
            guard try second.encoded().publicBytes.dropFirst(4).elementsEqual(again) else {
                throw FuzzFault(message: "a request is written differently")
            }
            return again
        }
    )

    /// Statements: what is signed has one reading.
    private static let statement = FuzzTarget(
        "agent-statement",
        seeds: { _ in
            let id = SHA256Digest(hashing: [1])
            let root = Base64.encode(id.bytes)
            let point = try P256PrivateKey().publicKey.x963Representation
            let content = [SessionClaim.format] + id.bytes + id.bytes + [0, 0, 0, 1] + point
            let session = try X509Certificate.toBeIssued(
                CertificateContent(
                    commonName: SessionClaim.commonName,
                    notBefore: FuzzWorld.start.seconds,
                    notAfter: FuzzWorld.now.seconds,
                    use: .client,
                    extensions: [(SessionClaim.contentIdentifier, content)]
                ),
                subject: P256PrivateKey()
            )
            return [
                session.content, Array("\(SignedText.checkpoint)keyctl/\(id)\n12\n\(root)\n".utf8),
                Array("\(SignedText.roomHead)\(id)\nlobby\n7\n\(id)\n".utf8),
            ]
        },
        decode: { bytes in SignedStructure(bytes) == nil ? nil : bytes }
    )
}
