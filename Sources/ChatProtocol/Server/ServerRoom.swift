package import CryptoCore
internal import Failures
internal import FoundationEssentials
internal import SwiftProtobuf

/// A room as the server keeps it: the head of its log, and the place of each session.
///
/// It is a value without I/O; the engine owns it. An entry that it appends is stored before it is
/// broadcast.
package struct ServerRoom: Sendable {
    private static let rememberedPositionCount: UInt64 = 1_024

    package let chat: SHA256Digest
    package let name: String
    /// The position after the last entry.
    package private(set) var head: LogPosition
    private var lastMembershipSeq: UInt64
    private var recent: [UInt64: SHA256Digest] = [:]
    private var places: [SHA256Digest: SessionPlace] = [:]

    /// Continues after the last entry of the server's store.
    package init(
        chat: SHA256Digest,
        name: String,
        head: LogPosition,
        lastMembershipSeq: UInt64
    ) {
        self.chat = chat
        self.name = name
        self.head = head
        self.lastMembershipSeq = lastMembershipSeq
        recent[head.seq] = head.hash
    }

    /// Returns the hash of the log up to a recent entry; `nil` for older ones.
    package func hash(at seq: UInt64) -> SHA256Digest? { recent[seq] }

    /// Returns the place of a session in its epoch.
    package func place(of session: SHA256Digest) -> SessionPlace? { places[session] }

    /// Adds a session; `place` is its last place in the store.
    package mutating func enter(_ session: SHA256Digest, place: SessionPlace?) {
        places[session] = place
    }

    /// Removes a session.
    package mutating func leave(_ session: SHA256Digest) { places[session] = nil }

    /// Appends a claim to the log.
    ///
    /// Throws `ChatError` if it was made before a change of members, or if its index or epoch does
    /// not rise. The caller has already looked for a repeated id.
    package mutating func append(
        _ claim: Claim,
        from session: SHA256Digest,
        at time: Int64
    ) throws(ChatError) -> (entry: WireEntry, position: LogPosition) {
        guard claim.seen.seq >= lastMembershipSeq else {
            throw ChatError(.stale, "the members of the room changed before the message arrived")
        }
        places[session] = try SessionPlace.next(after: places[session], claim)
        return add(claim.kind.wire, claim.body, time)
    }

    /// Appends one of the server's own entries.
    package mutating func append(
        event: WireEventContent,
        changesMembership: Bool,
        at time: Int64
    ) -> (entry: WireEntry, position: LogPosition) {
        let body: Data = (try? event.serializedBytes()) ?? Data()
        let added = add(.event, body, time)
        if changesMembership { lastMembershipSeq = added.position.seq }
        return added
    }

    private mutating func add(
        _ kind: WireEntryKind,
        _ body: Data,
        _ time: Int64
    ) -> (entry: WireEntry, position: LogPosition) {
        let entry = WireEntry.with {
            $0.seq = head.seq + 1
            // The time is the clock's, within the bounds of a log. The order is that of `seq`.
            $0.time = LogPosition.entryTime(time)
            $0.kind = kind
            $0.body = body
        }
        guard let position = head.advanced(over: entry) else {
            preconditionFailure("an entry of one's own does not follow the head")
        }
        head = position
        recent[position.seq] = position.hash
        if position.seq >= ServerRoom.rememberedPositionCount {
            recent[position.seq - ServerRoom.rememberedPositionCount] = nil
        }
        return (entry, position)
    }

    /// The client asked for a room that does not exist.
    package static let noSuchRoom = ChatError(
        .configuration,
        "there is no such room",
        hint: "this server has one room: lobby"
    )

    package static func invalid(_ why: String) -> ChatError {
        ChatError(.invalidMessage, "the message cannot be accepted: \(why)")
    }
}
