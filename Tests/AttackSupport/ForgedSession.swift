package import ChatProtocol
package import CryptoCore
package import Foundation
internal import KeyFormats
internal import KeyOperations
internal import SwiftProtobuf

/// A session of an identity whose RSA key the attack has, with a certificate of any shape.
///
/// It makes the bodies of announcements and messages. What it signs may be invalid.
package final class ForgedSession: Sendable {
    /// The fields of the certificate.
    ///
    /// Each has an honest value unless the attack changes it.
    package struct Shape: Sendable {
        package var use = CertificateUse.client
        package var version: UInt32 = 1
        /// How many seconds before now the certificate begins.
        package var secondsBefore: Int64 = 60
        /// The lifetime of the certificate, in seconds.
        package var lifetimeSeconds: Int64 = 24 * 3_600
        /// The lines of the statements extension.
        ///
        /// Without lines, there is no such extension.
        package var statements: [[UInt8]] = []
        /// Further extensions.
        package var extensions: [(identifier: String, content: [UInt8])] = []

        package init(_ change: (inout Shape) -> Void = { _ in }) { change(&self) }
    }

    private static let contentIdentifier = "2.25.130669903517035296756663824287849907699"
    private static let statementsIdentifier = "2.25.219530615018679625668335247479685257580"
    private static let contentFormat: UInt8 = 1
    private static let idByteCount = 16

    /// The identity that the certificate claims.
    package let identity: SHA256Digest
    /// The id of the chat.
    package let chat: SHA256Digest
    /// The certificate as DER.
    package let certificate: [UInt8]
    /// The private TLS key as DER.
    package let tlsKey: [UInt8]
    private let signingKey: P256PrivateKey

    /// The name of the session: the hash of its certificate.
    package var name: SHA256Digest { SHA256Digest(hashing: certificate) }

    /// Makes keys and a certificate that `issuer` signs.
    package init(
        identity: SHA256Digest,
        chat: SHA256Digest,
        issuer: RSAPrivateKey,
        shape: Shape = Shape()
    ) throws {
        self.identity = identity
        self.chat = chat
        let tls = try P256PrivateKey()
        signingKey = try P256PrivateKey()
        let content =
            [ForgedSession.contentFormat] + identity.bytes + chat.bytes + bigEndian(shape.version)
            + signingKey.publicKey.x963Representation
        var extensions = [(identifier: ForgedSession.contentIdentifier, content: content)]
        if !shape.statements.isEmpty {
            extensions.append(
                (
                    ForgedSession.statementsIdentifier,
                    Array(shape.statements.joined(separator: [UInt8(ascii: "\n")]))
                )
            )
        }
        let begin = Timestamp.now.seconds - shape.secondsBefore
        certificate = try X509Certificate.issue(
            CertificateContent(
                commonName: "securechat session",
                notBefore: begin,
                notAfter: begin + shape.lifetimeSeconds,
                use: shape.use,
                extensions: extensions + shape.extensions
            ),
            subject: tls,
            issuer: issuer
        ).derRepresentation
        tlsKey = try tls.derRepresentation().publicBytes
    }

    /// Makes an honest certificate of a member of a world.
    package convenience init(_ name: String, _ world: AttackWorld, shape: Shape = Shape()) throws {
        try self.init(
            identity: world.identity(name),
            chat: world.chat,
            issuer: world.key(name),
            shape: shape
        )
    }

    /// Returns the body of an announcement; `change` may spoil its content before it is signed.
    package func announcement(
        _ epoch: ForgedEpoch,
        seen: LogPosition,
        _ change: (inout WireKeyContent) -> Void = { _ in }
    ) throws -> Data {
        var content = WireKeyContent()
        content.chat = chat.data
        content.room = ForgedLog.room
        content.session = name.data
        content.epoch = epoch.number
        content.firstIndex = epoch.firstIndex
        content.id = try ForgedSession.freshID()
        content.seen = seen.wire
        content.certificate = Data(certificate)
        for reader in epoch.readers {
            content.wraps.append(try epoch.wrap(for: reader, in: content))
        }
        change(&content)
        return try signed(content.serializedBytes(), context: "securechat keys v1\n")
    }

    /// Returns the body of a message; `change` may spoil its content before it is signed.
    package func message(
        _ text: String,
        _ epoch: ForgedEpoch,
        index: UInt32,
        seen: LogPosition,
        id: Data? = nil,
        _ change: (inout WireMessageContent) -> Void = { _ in }
    ) throws -> Data {
        var content = WireMessageContent()
        content.chat = chat.data
        content.room = ForgedLog.room
        content.session = name.data
        content.epoch = epoch.number
        content.index = index
        content.id = try id ?? ForgedSession.freshID()
        content.seen = seen.wire
        try epoch.seal(Array(text.utf8), into: &content)
        change(&content)
        return try signed(content.serializedBytes(), context: "securechat message v1\n")
    }

    /// Returns any content, signed in a context.
    package func signed(_ content: Data, context: String) throws -> Data {
        try WireSigned.with {
            $0.session = name.data
            $0.content = content
            $0.signature = Data(
                try signingKey.signature(over: Array(context.utf8) + Array(content))
            )
        }.serializedBytes()
    }

    /// Returns a random id for an announcement or a message.
    package static func freshID() throws -> Data {
        Data(try SecureRandom.bytes(count: idByteCount))
    }
}
