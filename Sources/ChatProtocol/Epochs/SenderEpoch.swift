internal import CryptoCore
internal import FoundationEssentials
internal import KeyFormats
internal import SwiftProtobuf

/// One epoch of the user's own session: its number, its sender key and its end.
///
/// It makes the announcement and the messages of the epoch.
struct SenderEpoch {
    /// The longest life of an epoch, in seconds.
    static let lifetimeSeconds = 24 * 3_600

    let number: UInt32
    private let end: Timestamp
    private let chain: SenderChain
    private let keys: SessionKeys
    private let room: String

    /// Begins an epoch at `time`.
    ///
    /// It ends after a day, or when the first recipient's key expires.
    init(
        number: UInt32,
        keys: SessionKeys,
        room: String,
        at time: Timestamp,
        until expiry: Timestamp?
    ) throws {
        self.number = number
        self.keys = keys
        self.room = room
        let longest = time.adding(seconds: SenderEpoch.lifetimeSeconds)
        end = expiry.map { min($0, longest) } ?? longest
        chain = try SenderChain.random()
    }

    func isOver(at time: Timestamp) -> Bool {
        chain.index + 1 >= SenderChain.largestIndex
            || time >= end
    }

    /// Returns an announcement: the present chain key, wrapped for each recipient.
    func announcement(
        to recipients: [MemberDirectory.Recipient],
        seen: LogPosition
    ) throws -> WireFrame {
        var content = WireKeyContent()
        content.chat = keys.certificate.chat.data
        content.room = room
        content.session = keys.certificate.session.data
        content.epoch = number
        content.firstIndex = chain.index
        content.id = Data(try SecureRandom.bytes(count: MessageSeal.idByteCount))
        content.seen = seen.wire
        content.certificate = Data(keys.certificate.certificate.derRepresentation)
        for recipient in recipients {
            let identity = recipient.identity.data
            let version = UInt32(recipient.version)
            let label = content.wrapLabel(identity: identity, version: version)
            var wrap = WireWrap()
            wrap.identity = identity
            wrap.version = version
            wrap.scheme = 1
            wrap.ciphertext = Data(try chain.wrapped(for: recipient.key, label: label))
            content.wraps.append(wrap)
        }
        return try publish(.keys, SigningContext.keys.sign(content, keys: keys))
    }

    /// Returns a message at the chain's next index.
    func message(_ text: String, id: [UInt8], seen: LogPosition) throws -> WireFrame {
        var content = WireMessageContent()
        content.chat = keys.certificate.chat.data
        content.room = room
        content.session = keys.certificate.session.data
        content.epoch = number
        content.index = chain.index
        content.id = Data(id)
        content.seen = seen.wire
        let (ciphertext, commitment) = try MessageSeal.seal(
            Array(text.utf8),
            chain: chain,
            id: id,
            header: content.associatedData
        )
        content.ciphertext = Data(ciphertext)
        content.commitment = Data(commitment)
        let frame = try publish(.message, SigningContext.message.sign(content, keys: keys))
        _ = try chain.advance(to: chain.index + 1)
        return frame
    }

    private func publish(_ kind: WireEntryKind, _ body: Data) throws -> WireFrame {
        .with {
            $0.publish = .with {
                $0.kind = kind
                $0.body = body
            }
        }
    }
}
