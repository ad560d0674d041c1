import ChatProtocol
import CryptoCore
import Failures
import Foundation
import NIOCore
import SwiftProtobuf
import Testing

@testable import ChatServer

/// A room of the writer: what waits for a commit, and the way back where it fails.
struct EngineRoomTests {
    private let recorder = EngineRecorder()
    private let chat = SHA256Digest(hashing: [1])
    private let session = SHA256Digest(hashing: [2])
    private let beginning: LogPosition
    private var room: EngineRoom

    init() {
        beginning = .beginning(chat: chat, room: "lobby")
        room = EngineRoom(
            chat: chat,
            name: "lobby",
            StoredRoom(head: beginning, registryCount: 0),
            newestEntryTime: nil
        )
        room.enter(session, place: nil)
    }

    private func port(_ id: UInt64) -> RecordedPort { RecordedPort(id: id, recorder: recorder) }

    /// An announcement of an epoch; its id is the epoch's number.
    private func claim(_ epoch: UInt8) throws -> ServerRoom.Claim {
        let content = WireKeyContent.with {
            $0.chat = chat.data
            $0.room = "lobby"
            $0.session = session.data
            $0.epoch = UInt32(epoch)
            $0.id = Data(repeating: epoch, count: 16)
            $0.seen = beginning.wire
        }
        let signed = try WireSigned.with {
            $0.session = session.data
            $0.content = try content.serializedBytes()
        }
        let body: Data = try signed.serializedBytes()
        return try room.log.claim(
            .with {
                $0.kind = .keys
                $0.body = body
            },
            from: session
        )
    }

    /// The kinds of frames, and the counts, that one connection was told.
    private func told(_ id: UInt64) -> [String] {
        recorder.take().compactMap { told in
            guard case .order(id, let order) = told else { return nil }
            switch order {
            case .complete(let count): return "complete \(count)"
            case .send(let bytes):
                var decoder = FrameDecoder(limit: FrameCodec.limit)
                decoder.receive(bytes.readableBytesView)
                let frame = try? decoder.next()
                return frame?.rejected.code.isEmpty == false ? "rejected" : "accepted"
            case .admit, .refuse, .dismiss, .answer, .keysPage, .page, .historyPage: return "other"
            }
        }
    }

    @Test mutating func `what is added waits in order, and is taken once`() throws {
        for epoch in UInt8(1)...3 {
            try room.add(claim(epoch), of: session, for: port(1), at: 1_000)
            room.complete(for: port(1))
        }
        #expect(room.pendingSequence(of: [UInt8](repeating: 2, count: 16)) == 2)
        #expect(room.pendingByteCount > 0)
        let pending = room.takePending()
        #expect(pending.batch.entries.map(\.entry.seq) == [1, 2, 3])
        #expect(pending.before?.head == beginning)
        #expect(room.head.seq == 3)
        #expect(room.pendingByteCount == 0)
        #expect(room.pendingSequence(of: [UInt8](repeating: 2, count: 16)) == nil)
        let again = room.takePending()
        #expect(again.batch.isEmpty)
        pending.tell()
        #expect(told(1) == ["complete 3"])
    }

    @Test mutating func `a claim that does not fit changes nothing`() throws {
        try room.add(claim(2), of: session, for: port(1), at: 1_000)
        let head = room.head
        #expect(throws: ChatError.self) {
            try room.add(claim(1), of: session, for: port(1), at: 1_000)
        }
        #expect(room.head == head)
        #expect(room.takePending().batch.entries.count == 1)
    }

    @Test mutating func `a batch that fails is taken back, and all in it is refused`() throws {
        try room.add(claim(1), of: session, for: port(1), at: 1_000)
        // A second connection sends the same again, and a third one something that is stored.
        room.accept([UInt8](repeating: 1, count: 16), at: 1, for: port(2))
        room.accept([9], at: 0, for: port(3))
        var pending = room.takePending()
        room.goBack(before: pending)
        #expect(room.head == beginning)
        #expect(room.log.place(of: session) == nil)
        pending.undo(ChatError(.unavailable, "no"), head: room.head.seq)
        pending.tell()
        var answers: [UInt64: [String]] = [:]
        for one in recorder.take() {
            guard case .order(let id, .send(let bytes)) = one else { continue }
            var decoder = FrameDecoder(limit: FrameCodec.limit)
            decoder.receive(bytes.readableBytesView)
            let isRefused = try decoder.next()?.rejected.code == "unavailable"
            answers[id, default: []].append(isRefused ? "refused" : "accepted")
        }
        #expect(answers == [1: ["refused"], 2: ["refused"], 3: ["accepted"]])
        // The same announcement is taken when it comes again.
        try room.add(claim(1), of: session, for: port(1), at: 1_000)
    }

    @Test mutating func `cursors move forward, and not beyond the log`() throws {
        try room.add(claim(1), of: session, for: port(1), at: 1_000)
        let reader = SHA256Digest(hashing: [3])
        room.receive(1, by: reader)
        room.receive(0, by: reader)
        room.receive(2, by: reader)
        #expect(room.takePending().batch.cursors == [reader: 1])
    }

    @Test mutating func `newcomers are told of joins and revocations at their places`() {
        let subject = SHA256Digest(hashing: [4])
        func event(_ kind: RoomEvent) -> RegistryEvent {
            let content = WireEventContent.with {
                $0.what = kind.rawValue
                $0.identity = subject.data
                $0.version = 7
            }
            return RegistryEvent(kind: kind, subject: subject, content: content)
        }
        _ = room.add(event(.joined), at: 2_000)
        #expect(room.joinedSeq(of: subject) == 1)
        _ = room.add(event(.role), at: 1_000)
        _ = room.add(event(.revoked), at: 1_000)
        #expect(room.revocations.map(\.seq) == [3])
        #expect(room.revocations.map(\.version) == [7])
        #expect(room.newestEntryTime == 2_000)
        let before = room
        _ = room.add(event(.replaced), at: 3_000)
        #expect(room.joinedSeq(of: subject) == 4)
        room = before
        #expect(room.joinedSeq(of: subject) == 1 && room.head.seq == 3)
    }
}
