package import CryptoCore
package import FoundationEssentials
internal import SwiftProtobuf

/// A room as the server keeps it: the head of its log, and the place of each session.
///
/// It is a value without I/O. The engine stores each appended entry before it sends the entry.
package struct ServerRoom: Sendable {
    private static let rememberedPositionCount: UInt64 = 1_024

    /// The place of a session in its epoch.
    package struct SessionPlace: Sendable, Equatable {
        /// The last announced epoch.
        package var epoch: UInt32
        /// The lowest index that the next message may have.
        package var nextIndex: UInt32
        /// The number of announcements in the epoch.
        package var announcementCount: Int

        /// Makes a place.
        package init(epoch: UInt32, nextIndex: UInt32, announcementCount: Int = 1) {
            self.epoch = epoch
            self.nextIndex = nextIndex
            self.announcementCount = announcementCount
        }
    }

    /// The claims of a published body, read once.
    package struct Claim: Sendable {
        package let kind: WireEntryKind
        package let id: [UInt8]
        package let epoch: UInt32
        package let index: UInt32
        /// The last entry that the sender had processed.
        package let seen: LogPosition
        package let body: Data
    }

    package let chat: SHA256Digest
    package let name: String
    /// The position after the last entry.
    package private(set) var head: LogPosition
    private var lastMembershipSeq: UInt64
    private var recent: [UInt64: SHA256Digest] = [:]
    private var places: [SHA256Digest: SessionPlace] = [:]

    /// Continues after the last entry of the store.
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

    /// Reads a published body; throws `ChatError` if no room accepts it.
    package func claim(
        _ publish: WirePublish,
        from session: SHA256Digest
    ) throws(ChatError) -> Claim {
        guard let signed = try? WireSigned(serializedBytes: publish.body),
            signed.session == session.data
        else { throw ServerRoom.invalid("it is not signed by this session") }
        switch publish.kind {
        case .message:
            guard let content = try? WireMessageContent(serializedBytes: signed.content),
                content.chat == chat.data, content.room == name, content.session == session.data,
                content.id.count == MessageSeal.idByteCount,
                content.index < SenderChain.largestIndex,
                content.epoch <= ServerLimits.epochNumber, let seen = LogPosition(content.seen)
            else { throw ServerRoom.invalid("it is not for this room") }
            guard publish.body.count <= ServerLimits.messageByteCount else {
                throw ChatError(.tooLong, "the message is too long")
            }
            return Claim(
                kind: .message,
                id: Array(content.id),
                epoch: content.epoch,
                index: content.index,
                seen: seen,
                body: publish.body
            )
        case .keys:
            guard publish.body.count <= ServerLimits.announcementByteCount else {
                throw ChatError(.tooLong, "the announcement is too long")
            }
            let header = try ServerRoom.withoutWraps(Array(signed.content))
            guard let content = try? WireKeyContent(serializedBytes: header),
                content.chat == chat.data, content.room == name, content.session == session.data,
                content.id.count == MessageSeal.idByteCount,
                content.firstIndex < SenderChain.largestIndex,
                content.epoch <= ServerLimits.epochNumber, let seen = LogPosition(content.seen)
            else { throw ServerRoom.invalid("it is not for this room") }
            return Claim(
                kind: .keys,
                id: Array(content.id),
                epoch: content.epoch,
                index: content.firstIndex,
                seen: seen,
                body: publish.body
            )
        case .event, .unspecified, .UNRECOGNIZED:
            throw ServerRoom.invalid("only the server makes such entries")
        }
    }

    // The field `wraps` of `KeyContent` in docs/wire/chat.proto.
    private static let wrapField = 9

    /// Returns an announcement's content without its wraps, which only receivers read.
    ///
    /// Throws `ChatError` if there are too many.
    private static func withoutWraps(_ content: [UInt8]) throws(ChatError) -> [UInt8] {
        var scan = WireScan(content[...])
        var header: [UInt8] = []
        var wrapCount = 0
        while let field = try scan.next() {
            guard field.number == wrapField else {
                header += content[field.range]
                continue
            }
            wrapCount += 1
            guard wrapCount <= ServerLimits.wrapCount else {
                throw ChatError(.tooLong, "the announcement has too many wraps")
            }
        }
        return header
    }

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
        let place = places[session]
        var next = SessionPlace(epoch: claim.epoch, nextIndex: claim.index)
        switch claim.kind {
        case .keys:
            if let place, claim.epoch == place.epoch {
                guard claim.index >= place.nextIndex else {
                    throw ServerRoom.invalid("its index is not greater than the one before")
                }
                guard place.announcementCount < ServerLimits.announcementsPerEpoch else {
                    throw ServerRoom.invalid("its epoch was announced too often")
                }
                next.announcementCount = place.announcementCount + 1
            } else {
                guard claim.epoch > place?.epoch ?? 0, claim.index == 0 else {
                    throw ServerRoom.invalid("its epoch is not greater than the one before")
                }
            }
            places[session] = next
        default:
            guard let place, claim.epoch == place.epoch, claim.index >= place.nextIndex else {
                throw ServerRoom.invalid(
                    "its epoch was not announced, or its index is not greater than the one before"
                )
            }
            next.nextIndex = claim.index + 1
            next.announcementCount = place.announcementCount
            places[session] = next
        }
        return add(claim.kind, claim.body, time)
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
            // The clock's time, within the bounds of a log. The order is that of `seq`.
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
