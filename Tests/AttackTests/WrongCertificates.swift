import AttackSupport
import CryptoCore
import Foundation

/// Certificates that no server accepts, each with a name.
enum WrongCertificates {
    private static let statementsIdentifier = "2.25.219530615018679625668335247479685257580"

    static func all(_ chat: ServedChat) throws -> [(name: String, session: ForgedSession)] {
        let world = chat.world
        let day: Int64 = 24 * 3_600
        func shaped(
            _ name: String,
            _ change: (inout ForgedSession.Shape) -> Void
        ) throws -> (name: String, session: ForgedSession) {
            (name, try ForgedSession("alice", world, shape: ForgedSession.Shape(change)))
        }
        func claimed(
            _ name: String,
            identity: String,
            chat id: SHA256Digest? = nil,
            issuer: RSAPrivateKey
        ) throws -> (name: String, session: ForgedSession) {
            let session = try ForgedSession(
                identity: world.identity(identity),
                chat: id ?? world.chat,
                issuer: issuer
            )
            return (name, session)
        }
        let alice = try world.key("alice")
        return [
            ("a stranger", try chat.stranger()),
            ("a stranger as alice", try chat.stranger(claiming: "alice")),
            try claimed("alice's key in bob's name", identity: "bob", issuer: alice),
            try claimed("alice's key in the server's name", identity: "server", issuer: alice),
            try claimed("the server itself", identity: "server", issuer: world.key("server")),
            try claimed(
                "another chat",
                identity: "alice",
                chat: SHA256Digest(hashing: [1]),
                issuer: alice
            ),
            try shaped("version 2") { $0.version = 2 },
            try shaped("version 0") { $0.version = 0 },
            try shaped("the largest version") { $0.version = .max },
            try shaped("a server's use") { $0.use = .server },
            try shaped("25 hours") { $0.lifetimeSeconds = day + 3_600 },
            try shaped("begins in six minutes") { $0.secondsBefore = -360 },
            try shaped("ended six minutes ago") {
                $0.secondsBefore = 7_200
                $0.lifetimeSeconds = 7_200 - 360
            },
            try shaped("statements that are junk") {
                $0.extensions = [(statementsIdentifier, [UInt8](repeating: 0xff, count: 500))]
            },
            try shaped("seventeen statements") {
                $0.statements = (0..<17).map { _ in Array("x".utf8) }
            },
        ]
    }
}
