internal import CryptoCore
internal import FoundationEssentials
internal import KeyFormats
internal import Registry
internal import SwiftProtobuf

@testable import ChatProtocol

/// One frame of each kind, and published bodies of members.
enum FrameSeeds {
    /// The session that published bodies name.
    static let session = SHA256Digest(hashing: Array("session".utf8))

    @Sendable static func all(_ world: FuzzWorld) throws -> [[UInt8]] {
        let position = WirePosition.with {
            $0.seq = 3
            $0.hash = session.data
        }
        let entry = WireEntry.with {
            $0.seq = 4
            $0.time = FuzzWorld.start.seconds * 1000
            $0.kind = .message
            $0.body = Data([1, 2, 3])
            $0.bodyHash = session.data
        }
        let frames: [WireFrame] = [
            .with {
                $0.hello.protocol = 1
                $0.hello.statements = world.aliceChain.map { Data($0.line) }
                $0.hello.cursor = position
                $0.hello.room = RegistryState.room
            },
            .with {
                $0.registryUpdate.lines = world.statements.prefix(2).map { Data($0.line) }
                $0.registryUpdate.checkpoint = Data(world.note)
            },
            .with {
                $0.welcome.user = "alice"
                $0.welcome.head = position
                $0.welcome.start = position
                $0.welcome.revocations = [.with { $0.identity = session.data }]
            },
            .with { $0.refusal.code = "revoked" },
            .with { $0.publish.body = Data([1]) },
            .with { $0.entries.entries = [entry] },
            .with { $0.accepted.seq = 9 }, .with { $0.rejected.code = "stale" },
            .with { $0.historyRequest.count = 5 }, .with { $0.history.stretch.keys = [entry] },
            .with { $0.whoRequest = .init() }, .with { $0.who.online = ["alice"] },
            .with { $0.received.seq = 1 }, .with { $0.shutdownRequest = .init() },
            .with { $0.reloadRequest = .init() }, .with { $0.reloaded.failure = "no file" },
            .with { $0.bye.code = "restart" }, .with { $0.ping = .init() },
            .with { $0.pong = .init() },
        ]
        return frames.map(FrameCodec.encode) + [frames.suffix(6).flatMap(FrameCodec.encode)]
    }

    @Sendable static func bodies(_ world: FuzzWorld) throws -> [[UInt8]] {
        let chat = world.ownerKey.identityID
        let seen = LogPosition.beginning(chat: chat, room: RegistryState.room).wire
        let id = Data(repeating: 7, count: MessageSeal.idByteCount)
        let message = WireMessageContent.with {
            $0.chat = chat.data
            $0.room = RegistryState.room
            $0.session = session.data
            $0.index = 2
            $0.id = id
            $0.seen = seen
            $0.ciphertext = Data([1, 2])
        }
        let keys = WireKeyContent.with {
            $0.chat = chat.data
            $0.room = RegistryState.room
            $0.session = session.data
            $0.epoch = 1
            $0.id = id
            $0.seen = seen
            $0.wraps = [.with { $0.scheme = 1 }]
        }
        func signed(_ kind: WireEntryKind, _ content: Data) throws -> [UInt8] {
            let body: Data = try WireSigned.with {
                $0.session = session.data
                $0.content = content
            }.serializedBytes()
            return [UInt8(kind.rawValue)] + Array(body)
        }
        return [
            try signed(.message, message.serializedBytes()),
            try signed(.keys, keys.serializedBytes()),
        ]
    }
}
