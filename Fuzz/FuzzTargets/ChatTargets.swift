internal import CryptoCore
internal import FoundationEssentials
internal import KeyFormats
internal import Registry
internal import SwiftProtobuf

@testable import ChatProtocol

/// Targets for the wire: frames, their content, and a whole session of a client.
enum ChatTargets {
    static let all = [frames, published, certificate, session]

    /// Frames as they arrive, in pieces of any length.
    private static let frames = FuzzTarget("frames", seeds: FrameSeeds.all) { bytes in
        var whole = FrameDecoder(limit: FrameCodec.limit)
        whole.receive(bytes)
        var pieces = FrameDecoder(limit: FrameCodec.limit)
        var frames: [WireFrame] = []
        while let frame = try whole.next() { frames.append(frame) }
        var count = 0
        for piece in stride(from: 0, to: bytes.count, by: pieceByteCount) {
            pieces.receive(bytes[piece..<min(piece + pieceByteCount, bytes.count)])
            while let frame = try pieces.next() {
                try FuzzFault.require(
                    count < frames.count && frame == frames[count],
                    "frames in pieces are other frames"
                )
                count += 1
            }
        }
        try FuzzFault.require(count == frames.count, "frames in pieces are fewer")
        guard !frames.isEmpty else { return nil }
        var again = FrameDecoder(limit: FrameCodec.limit)
        again.receive(frames.flatMap(FrameCodec.encode))
        for frame in frames {
            let other = try FuzzFault.need("a frame that was written cannot be read") {
                try again.next()
            }
            try FuzzFault.require(other == frame, "a frame reads back as another")
        }
        return frames.flatMap(FrameCodec.encode)
    }

    /// The published bodies of a member, as the server reads them.
    ///
    /// The first byte is the entry's kind.
    private static let published = FuzzTarget("published", seeds: FrameSeeds.bodies) { bytes in
        guard let kind = bytes.first.flatMap({ WireEntryKind(rawValue: Int($0)) }) else {
            return nil
        }
        let chat = FuzzWorld.shared.ownerKey.identityID
        var room = ServerRoom(
            chat: chat,
            name: RegistryState.room,
            head: .beginning(chat: chat, room: RegistryState.room),
            lastMembershipSeq: 0
        )
        let session = FrameSeeds.session
        room.enter(session, place: nil)
        let publish = WirePublish.with {
            $0.kind = kind
            $0.body = Data(bytes.dropFirst())
        }
        let claim = try room.claim(publish, from: session)
        let time = FuzzWorld.start.seconds * 1000
        for _ in 0..<2 { _ = try? room.append(claim, from: session, at: time) }
        return claim.id + Array("\(claim.epoch) \(claim.index) \(claim.seen)".utf8)
    }

    /// The certificate of a session.
    ///
    /// The registry decides whose it is.
    private static let certificate = FuzzTarget(
        "session-certificate",
        seeds: { world in
            try [
                ChatSeeds.keys(.client, FuzzKeys.bob, []),
                ChatSeeds.keys(.server, FuzzKeys.owner, world.aliceChain),
            ].map { $0.certificate.certificate.derRepresentation }
        },
        decode: { bytes in
            let client = try? SessionCertificate(der: bytes, use: .client)
            let certificate = try client ?? SessionCertificate(der: bytes, use: .server)
            let admission = Admission(
                chat: FuzzWorld.shared.ownerKey.identityID,
                room: RegistryState.room
            )
            let registry = FuzzWorld.shared.state
            _ = try? admission.judge(certificate, registry: registry, at: FuzzWorld.now)
            _ = registry.following(certificate.statements, at: FuzzWorld.now)
            _ = certificate.certificate.remainingSeconds
            return Array("\(certificate.identity) \(certificate.chat) ".utf8)
                + Array("\(certificate.version) \(certificate.statements.count)".utf8)
                + certificate.signingKey.x963Representation
        }
    )

    /// All frames of a server to a client, from the login on.
    ///
    /// The first frames are always the same.
    private static let session = FuzzTarget(
        "client-session",
        largestByteCount: 16384,
        seeds: ChatSeeds.sessions,
        decode: { bytes in
            var decoder = FrameDecoder(limit: FrameCodec.limit)
            decoder.receive(bytes)
            var session = try ChatSeeds.listener()
            var shown = 0
            var frameCount = 0
            while let frame = try decoder.next() {
                frameCount += 1
                for action in session.receive(frame, at: FuzzWorld.now) {
                    if case .finish(let error?) = action { throw error }
                    if case .show = action { shown += 1 }
                }
                if frameCount == 2 {
                    _ = session.request(.history(nil))
                    _ = session.say("hello", at: FuzzWorld.now)
                }
            }
            guard frameCount > 0, let position = session.position else { return nil }
            return Array("\(position.seq) \(position.hash) \(shown)".utf8)
        }
    )

    private static let pieceByteCount = 7
}
