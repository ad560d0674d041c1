import CryptoCore
import Failures
import SwiftProtobuf
import Testing

@testable import ChatProtocol

/// The place in a log, and what is remembered before it.
struct RoomLogTests {
    private let start = LogPosition.beginning(chat: SHA256Digest(hashing: [1]), room: "lobby")

    private func entries(_ count: UInt64) -> [WireEntry] {
        (1...count).map { seq in
            .with {
                $0.seq = seq
                $0.kind = .event
            }
        }
    }

    private func stretch(
        _ entries: some Sequence<WireEntry>,
        after place: LogPosition
    ) -> WireEntries {
        .with {
            $0.previous = place.hash.data
            $0.entries = Array(entries)
        }
    }

    @Test func `a login goes on at the same place, and at no other`() throws {
        var first = RoomLog(position: nil)
        try first.begin(at: start)
        #expect(first.position == start)
        try first.begin(at: start)
        let other = LogPosition(seq: 0, hash: SHA256Digest(hashing: [2]))
        let error = #expect(throws: ChatError.self) { try first.begin(at: other) }
        #expect(error?.code == .fork)
    }

    @Test func `places follow each other; a gap is a fork, and another order a violation`() throws {
        var log = RoomLog(position: start)
        let places = try log.places(of: stretch(entries(3), after: start))
        #expect(places.map(\.seq) == [1, 2, 3])
        #expect(log.position == start)
        let gap = #expect(throws: ChatError.self) {
            try log.places(of: stretch(entries(3).dropFirst(), after: places[0]))
        }
        #expect(gap?.code == .fork)
        let order = #expect(throws: ChatError.self) {
            try log.places(of: stretch(entries(3).reversed(), after: start))
        }
        #expect(order?.code == .protocolViolation)
        log.move(to: places[2])
        #expect(log.position == places[2])
    }

    @Test func `hashes of the last entries are remembered, and older ones are not judged`() throws {
        var log = RoomLog(position: start)
        let places = try log.places(of: stretch(entries(4_200), after: start))
        for place in places { log.remember(place) }
        let another = LogPosition(seq: 4_000, hash: SHA256Digest(hashing: [2]))
        #expect(log.contradicts(another))
        #expect(!log.contradicts(places[3_999]))
        #expect(!log.contradicts(LogPosition(seq: 50, hash: SHA256Digest(hashing: [2]))))
        #expect(!log.contradicts(LogPosition(seq: 9_000, hash: SHA256Digest(hashing: [2]))))
    }
}
