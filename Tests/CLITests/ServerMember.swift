import ChatProtocol
import CryptoCore
import Foundation
import KeyFormats
import Keystore
import Registry
import SwiftProtobuf
import TestSupport
import Testing

/// A member that speaks the protocol itself, for tests of what a server accepts.
struct ServerMember {
    let client: RawClient
    let keys: SessionKeys
    /// The log's last entry at its login.
    let head: WirePosition
    private let chat: SHA256Digest

    /// Logs in as the identity of a home; `change` may spoil the Hello.
    static func join(
        _ name: String,
        _ fixture: ChatFixture,
        keys: SessionKeys? = nil,
        hello change: (inout WireHello) -> Void = { _ in }
    ) async throws -> ServerMember {
        let keys = try keys ?? sessionKeys(name, fixture)
        let client = try await RawClient.connect(keys, port: fixture.port)
        client.send(RawClient.hello(change))
        let frame = await client.next { if case .welcome? = $0.kind { true } else { false } }
        let welcome = try #require(frame?.welcome, "\(name) was not let in")
        return ServerMember(
            client: client,
            keys: keys,
            head: welcome.head,
            chat: try fixture.chat()
        )
    }

    static func sessionKeys(_ name: String, _ fixture: ChatFixture) throws -> SessionKeys {
        let unlocked = try fixture.unlocked(name)
        return try SessionKeys(
            use: .client,
            identity: unlocked.record.identity.id,
            chat: fixture.chat(),
            version: unlocked.record.identity.latest.number,
            statements: [],
            issuer: unlocked.signingKey(at: .now),
            now: Timestamp.now.seconds
        )
    }

    /// Returns an announcement of epoch 1 for nobody, or with a wrap of `byteCount` bytes that no
    /// key opens.
    func announcement(byteCount: Int = 0) throws -> WireFrame {
        let content = WireKeyContent.with {
            $0.chat = chat.data
            $0.room = "lobby"
            $0.session = keys.certificate.session.data
            $0.epoch = 1
            $0.id = Data((0..<16).map { _ in UInt8.random(in: 0...255) })
            $0.seen = head
            $0.certificate = Data(keys.certificate.certificate.derRepresentation)
            if byteCount > 0 {
                $0.wraps = [.with { $0.ciphertext = Data(repeating: 7, count: byteCount) }]
            }
        }
        return try publish(.keys, content)
    }

    /// Returns a message of `count` bytes that nobody can open.
    func message(index: UInt32, count: Int) throws -> WireFrame {
        let content = WireMessageContent.with {
            $0.chat = chat.data
            $0.room = "lobby"
            $0.session = keys.certificate.session.data
            $0.epoch = 1
            $0.index = index
            $0.id = Data((0..<16).map { _ in UInt8.random(in: 0...255) })
            $0.seen = head
            $0.ciphertext = Data(repeating: 7, count: count)
        }
        return try publish(.message, content)
    }

    private func publish(_ kind: WireEntryKind, _ content: some Message) throws -> WireFrame {
        let signed = try WireSigned.with {
            $0.session = keys.certificate.session.data
            $0.content = try content.serializedBytes()
        }
        return try .with {
            $0.publish.kind = kind
            $0.publish.body = try signed.serializedBytes()
        }
    }

    /// Publishes a frame and returns whether the server accepted it.
    func publish(_ frame: WireFrame) async -> Bool {
        client.send(frame)
        client.send(.with { $0.whoRequest = .init() })
        let answer = await client.next {
            switch $0.kind {
            case .rejected?, .who?: true
            default: false
            }
        }
        if case .who? = answer?.kind { return true }
        return false
    }

    /// Waits until the server has answered everything before.
    func settle() async {
        client.send(.with { $0.whoRequest = .init() })
        _ = await client.next { if case .who? = $0.kind { true } else { false } }
    }
}

extension ChatFixture {
    /// Returns the server's memory, in MiB.
    func serverMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(server.processID)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS") })
        return try #require(line.split(separator: " ").compactMap { Int($0) }.first) / 1_024
    }

    /// Sets a soft limit of the running server: `fsize=4096:`, `nofile=8:`.
    func limit(_ what: String) async throws {
        let result = try await Command.run(
            "prlimit",
            ["--pid", "\(server.processID)", "--\(what)"],
            folder: folder.path
        )
        try #require(result.status == 0, "\(result.errors)")
    }
}
