public import ChatProtocol
internal import CryptoCore
public import Failures
public import KeyFormats
internal import Registry

/// The key that the user's own registry has for the server's name; it judges a server's
/// certificate.
struct ServerPin: Sendable {
    /// What a server's certificate proved: the chat's id, the server's key, and new statements.
    struct Verdict: Sendable {
        let chat: SHA256Digest
        let key: PublicKey
        /// The server's statements that the user's own registry lacks.
        let news: [Statement]
    }

    private let registry: RegistryState
    private let name: KeyName

    init(registry: RegistryState, name: KeyName) throws {
        self.registry = registry
        self.name = name
        guard registry.identity(name)?.isRemoved == false else {
            throw ChatError.unknownServer(name)
        }
    }

    /// The id of the chat, as the user's own registry has it; the certificate may prove another id.
    var chat: SHA256Digest? { registry.identity(name)?.id }

    /// Judges a server's certificate.
    ///
    /// Throws `ChatError` if no chain of rotations leads from the pinned key to the key that issued
    /// it.
    func judge(_ der: [UInt8], at time: Timestamp) throws(ChatError) -> Verdict {
        let certificate = try SessionCertificate(der: der, use: .server)
        var state = registry
        // After a rotation, the certificate carries the statements that lead from the pinned key to
        // the new key.
        let news = state.following(certificate.statements).statements
        for statement in news { try? state.apply(statement) }
        guard let server = state.identity(name), server.id == certificate.identity,
            certificate.chat == certificate.identity,
            let version = server.version(certificate.version),
            server.allows(.serve, by: version, at: time),
            let key = try? version.publicKey(),
            certificate.certificate.isSigned(by: key.rsa)
        else {
            throw ChatError.wrongServer(name, pinned: registry.identity(name)?.latest.fingerprint)
        }
        guard certificate.isIssued(by: key.rsa, at: time.seconds) else {
            throw ChatError.serverClock
        }
        return Verdict(chat: certificate.identity, key: key, news: news)
    }
}

extension ChatError {
    /// The user's own registry has no server of this name.
    public static func unknownServer(_ name: KeyName) -> ChatError {
        ChatError(
            .configuration,
            "no server named \"\(name)\" is known here",
            hint: "ask its admin for the file \(name).pub, then: keyctl import \(name).pub"
        )
    }

    static func wrongServer(_ name: KeyName, pinned: Fingerprint?) -> ChatError {
        ChatError(
            .wrongServer,
            "this is not the server \"\(name)\" whose key you imported"
                + (pinned.map { " (\($0))" } ?? ""),
            hint: "check the address; if the server's key was really replaced, compare the "
                + "fingerprint with its admin, then: keyctl import \(name).pub --replace"
        )
    }

    static var serverClock: ChatError {
        ChatError(
            .clock,
            "the server's certificate is not valid at your time",
            hint:
                "compare your clock with the server's: a difference of more than five minutes is "
                + "refused"
        )
    }

    static func unreachable(_ address: String, _ why: String) -> ChatError {
        ChatError(
            .unreachable,
            "cannot reach the server at \(address): \(why)",
            hint: "check the address, and that the server runs: securechat serve"
        )
    }
}
