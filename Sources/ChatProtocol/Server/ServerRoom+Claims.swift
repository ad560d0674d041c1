package import CryptoCore
internal import Failures
internal import FoundationEssentials
internal import SwiftProtobuf

/// Reading the frames that a session publishes, before they are added to the log.
extension ServerRoom {
    /// The fields of a published body that the server checks.
    package struct Claim: Sendable {
        /// The kinds of entries that members publish.
        enum Kind {
            case message
            case keys

            /// The entry's kind on the wire.
            var wire: WireEntryKind {
                switch self {
                case .message: .message
                case .keys: .keys
                }
            }
        }

        let kind: Kind
        package let id: [UInt8]
        package let epoch: UInt32
        package let index: UInt32
        /// The last entry that its sender had processed.
        package let seen: LogPosition
        let body: Data
    }

    /// Reads a published frame; throws `ChatError` if it is not valid for this room.
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

    // `wraps` of `KeyContent` in docs/wire/chat.proto.
    private static let wrapField = 9

    /// Returns an announcement's content without its wraps, which only the receivers read.
    ///
    /// Throws `ChatError` if there are too many wraps.
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
}
