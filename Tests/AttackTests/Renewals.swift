import AttackSupport
import CryptoCore
import Foundation
import KeyFormats
import Registry

/// Signed renewals of a member's key, each after the one before.
struct Renewals {
    private let id: SHA256Digest
    private let key: RSAPrivateKey
    private var previous: SHA256Digest
    private var days = 0

    init(of name: String, _ world: AttackWorld) throws {
        id = try world.identity(name)
        key = try world.key(name)
        previous = id
    }

    /// Returns the next lines.
    mutating func next(_ count: Int) throws -> [Data] {
        var lines: [Data] = []
        for _ in 0..<count {
            days += 1
            let statement = try Amendment.statement(
                .renew(expires: Timestamp.now.adding(seconds: 300 * 86_400 + days)),
                id: id,
                version: 1,
                previous: previous,
                key: key,
                time: .now
            )
            previous = statement.leafHash
            lines.append(Data(statement.line))
        }
        return lines
    }
}
