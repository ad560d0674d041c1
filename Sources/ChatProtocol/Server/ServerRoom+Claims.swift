package import CryptoCore
internal import Failures
internal import FoundationEssentials
internal import SwiftProtobuf

/// What a session publishes, read before it is put into the log.
extension ServerRoom {
    /// What a published body claims, read once.
    package struct Claim: Sendable {
        /// What members publish.
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
        /// The entry that its sender had processed last.
        package let seen: LogPosition
        let body: Data
    }

    /// Reads what a session publishes; throws `ChatError` for what no room takes.
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

    /// An announcement's content without its wraps, which are the receivers' to read; throws
    /// `ChatError` where there are too many.
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
