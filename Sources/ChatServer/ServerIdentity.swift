import ChatProtocol
import CryptoCore
import KeyFormats
import Keystore
import NIOConcurrencyHelpers
import NIOCore
import NIOSSL
import Registry

/// The server's unlocked identity, and the TLS context of its present session certificate.
final class ServerIdentity: Sendable {
    private struct State {
        var unlocked: UnlockedIdentity
        var context: NIOSSLContext
        var issued: Timestamp
    }

    // Changes of the clock that need no renewal, in seconds: certificates begin a minute early.
    private static let largestStep: Int64 = 30

    private let state: NIOLockedValueBox<State>
    /// The id of the chat: the server's identity.
    let chat: SHA256Digest

    init(_ unlocked: UnlockedIdentity) throws {
        chat = unlocked.record.identity.id
        let now = Timestamp.now
        state = NIOLockedValueBox(
            State(
                unlocked: unlocked,
                context: try ServerIdentity.context(unlocked, at: now),
                issued: now
            )
        )
    }

    /// The TLS context for a new connection.
    var context: NIOSSLContext { state.withLockedValue { $0.context } }
    /// The identity as it was opened last.
    var unlocked: UnlockedIdentity { state.withLockedValue { $0.unlocked } }

    /// Makes a new certificate, after a rotation or after half of the old one's life.
    ///
    /// Throws `KeystoreError` if the identity may not sign.
    func renew(_ unlocked: UnlockedIdentity) throws {
        let now = Timestamp.now
        let context = try ServerIdentity.context(unlocked, at: now)
        state.withLockedValue { state in
            state = State(unlocked: unlocked, context: context, issued: now)
        }
    }

    /// Renews the certificate if half of its life is over, or if the clock was set back.
    ///
    /// Clients refuse a certificate from their future. Throws `KeystoreError` if the identity may
    /// not sign.
    func renewIfNeeded() throws {
        let (unlocked, issued) = state.withLockedValue { ($0.unlocked, $0.issued) }
        let age = Timestamp.now.seconds - issued.seconds
        guard age < -ServerIdentity.largestStep || age > SessionCertificate.lifetimeSeconds / 2
        else { return }
        try renew(unlocked)
    }

    private static func context(
        _ unlocked: UnlockedIdentity,
        at now: Timestamp
    ) throws -> NIOSSLContext {
        let version = try unlocked.record.signingVersion(at: now)
        let id = unlocked.record.identity.id
        let keys = try SessionKeys(
            use: .server,
            identity: id,
            chat: id,
            version: version.number,
            statements: unlocked.record.chain,
            issuer: unlocked.unattendedSigningKey(at: now),
            now: now.seconds
        )
        let key = try keys.tlsKey.derRepresentation()
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [
                .certificate(
                    try NIOSSLCertificate(
                        bytes: keys.certificate.certificate.derRepresentation,
                        format: .der
                    )
                )
            ],
            // NIOSSL takes an array. It is the TLS key of one day, not an identity's key.
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: key.publicBytes, format: .der))
        )
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .noHostnameVerification
        configuration.shutdownTimeout = .seconds(1)
        return try NIOSSLContext(configuration: configuration)
    }
}
