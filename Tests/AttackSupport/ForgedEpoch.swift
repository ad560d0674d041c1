package import ChatProtocol
package import CryptoCore
internal import Foundation
internal import SwiftProtobuf

/// A sender key that the attack knows: it made the key, or opened it with a member's private key.
package struct ForgedEpoch: Sendable {
    /// A reader for whom the chain key is wrapped.
    package struct Reader: Sendable {
        let key: RSAPublicKey
        let identity: SHA256Digest
        let version: UInt32
    }

    private static let chainInfo = Array("securechat chain v1".utf8)
    private static let messageInfo = Array("securechat message v1".utf8)
    private static let keyEnd = AESGCM.keyByteCount
    private static let nonceEnd = keyEnd + AESGCM.nonceByteCount
    private static let secretByteCount = nonceEnd + 32

    /// The number in the announcement.
    package var number: UInt32
    /// The index of the wrapped chain key.
    package var firstIndex: UInt32
    /// The readers for whom the announcement wraps the chain key.
    package var readers: [Reader]
    // The chain key. The attack knows it, so it is not treated as a secret.
    private let chain: [UInt8]

    /// Makes a new chain for members of a world.
    package init(
        _ number: UInt32,
        for names: [String],
        _ world: AttackWorld,
        firstIndex: UInt32 = 0
    ) throws {
        self.number = number
        self.firstIndex = firstIndex
        chain = try SecureRandom.bytes(count: 32)
        readers = try names.map { name in
            Reader(
                key: try world.key(name).publicKey,
                identity: try world.identity(name),
                version: 1
            )
        }
    }

    /// Opens the chain of an announcement with a private key; returns `nil` if no wrap is for this
    /// key.
    package init?(
        opening content: WireKeyContent,
        as identity: SHA256Digest,
        _ key: RSAPrivateKey
    ) throws {
        for wrap in content.wraps where wrap.identity == identity.data {
            let label = ForgedEpoch.label(content, wrap)
            guard let opened = try? key.decrypt(Array(wrap.ciphertext), label: label) else {
                continue
            }
            number = content.epoch
            firstIndex = content.firstIndex
            readers = []
            chain = opened.publicBytes
            return
        }
        return nil
    }

    /// Opens a message of this epoch.
    package func open(_ content: WireMessageContent) throws -> String {
        let secret = try messageSecret(content)
        let text = try AESGCM.open(
            Array(content.ciphertext),
            key: Array(secret[..<ForgedEpoch.keyEnd]).borrowedBytes,
            nonce: Array(secret[ForgedEpoch.keyEnd..<ForgedEpoch.nonceEnd]),
            authenticating: ForgedEpoch.header(content)
        )
        return String(decoding: text.publicBytes, as: UTF8.self)
    }

    func seal(_ text: [UInt8], into content: inout WireMessageContent) throws {
        let secret = try messageSecret(content)
        content.ciphertext = Data(
            try AESGCM.seal(
                text.borrowedBytes,
                key: Array(secret[..<ForgedEpoch.keyEnd]).borrowedBytes,
                nonce: Array(secret[ForgedEpoch.keyEnd..<ForgedEpoch.nonceEnd]),
                authenticating: ForgedEpoch.header(content)
            )
        )
        content.commitment = Data(secret[ForgedEpoch.nonceEnd...])
    }

    func wrap(for reader: Reader, in content: WireKeyContent) throws -> WireWrap {
        var wrap = WireWrap()
        wrap.identity = reader.identity.data
        wrap.version = reader.version
        wrap.scheme = 1
        wrap.ciphertext = Data(
            try reader.key.encrypt(chain.borrowedBytes, label: ForgedEpoch.label(content, wrap))
        )
        return wrap
    }

    private func messageSecret(_ content: WireMessageContent) throws -> [UInt8] {
        var key = chain
        var index = firstIndex
        while index < content.index {
            key = try HKDF.derive(
                from: key.borrowedBytes,
                info: ForgedEpoch.chainInfo,
                count: key.count
            ).publicBytes
            index += 1
        }
        return try HKDF.derive(
            from: key.borrowedBytes,
            salt: Array(content.id),
            info: ForgedEpoch.messageInfo,
            count: ForgedEpoch.secretByteCount
        ).publicBytes
    }

    private static func label(_ content: WireKeyContent, _ wrap: WireWrap) -> [UInt8] {
        Array("securechat wrap v1\n".utf8) + Array(content.chat) + Array(content.session)
            + bigEndian(content.epoch) + bigEndian(content.firstIndex) + Array(wrap.identity)
            + bigEndian(wrap.version) + Array(content.room.utf8)
    }

    private static func header(_ content: WireMessageContent) -> [UInt8] {
        Array(content.chat) + Array(content.session) + bigEndian(content.epoch)
            + bigEndian(content.index) + Array(content.id) + Array(content.room.utf8)
    }
}
