import CryptoCore
import KeyFormats
import TestSupport

@testable import AgentProtocol

/// What the tests of the agent share: messages, keys, a clock that stands still.
enum AgentWorld {
    static let start = AgentTime(milliseconds: 1_000_000)
    static let wallTime: Int64 = 1_800_000_000

    static func text(_ text: String) -> [UInt8] { SSHWire.string(Array(text.utf8)) }

    /// What a client signs to log in with `blob`.
    static func login(
        _ blob: [UInt8],
        session: [UInt8] = [1, 2, 3],
        user: String = "alice",
        method: String = "publickey",
        algorithm: String = "rsa-sha2-512",
        hostKey: [UInt8]? = nil
    ) -> [UInt8] {
        SSHWire.string(session) + [50] + text(user) + text("ssh-connection") + text(method) + [1]
            + text(algorithm) + SSHWire.string(blob) + (hostKey.map { SSHWire.string($0) } ?? [])
    }

    /// What SSHSIG signs.
    static func signature(
        namespace: String = "file",
        reserved: String = "",
        hash: String = "sha512",
        digest: [UInt8] = [UInt8](repeating: 7, count: 64)
    ) -> [UInt8] {
        Array("SSHSIG".utf8) + text(namespace) + text(reserved) + text(hash)
            + SSHWire.string(digest)
    }

    /// The strings that bytes consist of; what is left over is not returned.
    static func strings(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var reader = SSHReader(Array(bytes).borrowedBytes)
        var found: [[UInt8]] = []
        while let string = reader.bytes() { found.append(string) }
        return found
    }

    static func signRequest(_ blob: [UInt8], _ data: [UInt8], flags: Int = 4) -> [UInt8] {
        [13] + SSHWire.string(blob) + SSHWire.string(data) + SSHWire.number(flags)
    }

    /// A session bind of a host, signed by its RSA key.
    static func bind(
        _ host: RSAPrivateKey,
        session: [UInt8] = [1, 2, 3],
        isForwarded: Bool = false,
        algorithm: String = "rsa-sha2-512"
    ) throws -> [UInt8] {
        let digest = try HashAlgorithm.sha512.digest(of: session)
        let signature = try host.signature(ofDigest: digest, scheme: .pkcs1(.sha512))
        return [27] + text("session-bind@openssh.com")
            + SSHWire.string(SSHWire.blob(of: host.publicKey)) + SSHWire.string(session)
            + SSHWire.string(text(algorithm) + SSHWire.string(signature))
            + [isForwarded ? 1 : 0]
    }

    static func identity(
        signs: Bool = true,
        isServer: Bool = false,
        version: Int = 1
    ) -> HeldIdentity {
        HeldIdentity(
            name: "alice",
            version: version,
            id: SHA256Digest(hashing: [1]),
            home: "/home",
            signs: signs,
            isServer: isServer
        )
    }

    static func passphrase(_ text: String) -> Passphrase {
        Passphrase(SecretBytes(copying: Array(text.utf8).borrowedBytes))
    }

    /// A host's end of a constraint.
    static func end(
        _ name: String,
        _ key: RSAPrivateKey,
        user: String? = nil
    )
        -> DestinationConstraint.End
    {
        DestinationConstraint.End(user: user, host: name, keys: [SSHWire.blob(of: key.publicKey)])
    }
}

/// An agent without sockets: one keyring, and connections to it.
struct AgentBench {
    var keyring = Keyring()
    var now = AgentWorld.start
    var ssh: SSHConnection
    var own: OwnConnection

    init(hasEarlierAgent: Bool = false) {
        ssh = SSHConnection(hasEarlierAgent: hasEarlierAgent)
        own = OwnConnection(
            process: AgentStatus.Process(
                id: 1,
                sshSocket: "/s",
                ownSocket: "/o",
                earlierAgent: nil,
                locksMemory: false,
                locksSecrets: true
            )
        )
    }

    mutating func hold(
        _ key: RSAPrivateKey,
        identity: HeldIdentity? = AgentWorld.identity(),
        policy: KeyPolicy = KeyPolicy()
    ) throws {
        try keyring.add(
            HeldKey(.rsa(key), comment: "alice", identity: identity, policy: policy, now: now)
        )
    }

    /// Sends a message to the SSH connection; returns the type and the fields of the reply.
    mutating func send(_ message: [UInt8]) -> [UInt8]? {
        AgentBench.reply(ssh.receive(message.borrowedBytes, &keyring, now: now))
    }

    mutating func sendOwn(_ message: [UInt8]) -> [UInt8]? {
        AgentBench.reply(
            own.receive(message.borrowedBytes, &keyring, now: now, wallTime: AgentWorld.wallTime)
        )
    }

    /// Sends a request to the own connection; `nil` if the connection closes.
    mutating func ask(_ request: OwnRequest) throws -> [UInt8]? {
        sendOwn(Array(try request.encoded().publicBytes.dropFirst(4)))
    }

    /// The reply of an action without its length; `nil` for another action.
    static func reply(_ action: consuming AgentAction) -> [UInt8]? {
        switch consume action {
        case .reply(let bytes): Array(bytes.publicBytes.dropFirst(4))
        default: nil
        }
    }

    static func question(_ action: consuming AgentAction) -> String? {
        switch consume action {
        case .confirm(let question): question
        default: nil
        }
    }

    static func waitingTime(_ action: consuming AgentAction) -> AgentTime? {
        switch consume action {
        case .wait(let time): time
        default: nil
        }
    }

    static func earlierRequest(_ action: consuming AgentAction) -> EarlierRequest? {
        switch consume action {
        case .forward(let request): request
        default: nil
        }
    }

    static func closes(_ action: consuming AgentAction) -> Bool {
        switch consume action {
        case .close: true
        default: false
        }
    }
}
