package import CryptoCore
internal import Failures
internal import FoundationEssentials
internal import KeyFormats
internal import SwiftProtobuf

/// Opens a wrap for the user's identity; the arguments are version, label and ciphertext.
///
/// It returns `nil` if the version's key does not open the wrap.
package typealias WrapOpener = (Int, [UInt8], [UInt8]) -> SecretBytes?

/// The sender chains of other sessions, learned from their announcements.
///
/// It is not sendable: the room or the history that receives messages owns it.
struct ReceiverKeys {
    /// A message after decryption.
    struct Opened {
        let from: KeyName
        let sender: SessionCertificate
        let text: String
        let id: [UInt8]
        let seen: LogPosition
    }

    /// One epoch of one session, the key of `chains`.
    private struct Epoch: Hashable {
        let session: Data
        let number: UInt32
    }

    /// The name and the certificate of a session, both proved by its announcement.
    private struct Sender {
        let name: KeyName
        let certificate: SessionCertificate
    }

    private let identity: SHA256Digest
    private let chat: SHA256Digest
    private let room: String
    private let open: WrapOpener
    private let keepsPast: Bool
    private var senders: [Data: Sender] = [:]
    private var chains: [Epoch: SenderChain] = [:]
    // The count is per identity, because a member may open any number of sessions.
    private var skippedSteps: [SHA256Digest: Int] = [:]

    /// Makes an empty table.
    ///
    /// With `keepsPast`, older epochs are kept, for reading history.
    init(
        identity: SHA256Digest,
        chat: SHA256Digest,
        room: String,
        keepsPast: Bool,
        open: @escaping WrapOpener
    ) {
        self.keepsPast = keepsPast
        self.identity = identity
        self.chat = chat
        self.room = room
        self.open = open
    }

    /// Resets the counts of skipped steps, for a new connection.
    mutating func forgetSkippedSteps() { skippedSteps = [:] }

    /// Learns a chain from an announcement.
    ///
    /// An announcement that does not verify is ignored.
    mutating func learn(
        _ entry: WireEntry,
        directory: MemberDirectory,
        revocations: Revocations
    ) {
        guard let signed = try? WireSigned(serializedBytes: entry.body),
            // The certificate has the key for the signature, so it is read first. The identity's
            // signature and the session's name prove the certificate.
            let content = try? WireKeyContent(serializedBytes: signed.content),
            let certificate = try? SessionCertificate(
                der: Array(content.certificate),
                use: .client
            ),
            certificate.session.data == signed.session, content.session == signed.session,
            content.chat == chat.data, content.room == room,
            SigningContext.keys.isValid(signed, by: certificate.signingKey),
            let name = directory.speaker(
                certificate,
                at: entry.time / 1000,
                // A revocation without a known place in the log counts from the beginning.
                revokedBefore: { revocations.seq(of: $0, version: $1) ?? 0 <= entry.seq }
            )
        else { return }
        senders[signed.session] = Sender(name: name, certificate: certificate)
        let epoch = Epoch(session: signed.session, number: content.epoch)
        guard chains[epoch] == nil, content.wraps.count <= ClientLimits.wrapCount else { return }
        // At most one wrap for each identity is opened, because opening costs a private-key
        // operation.
        let own = content.wraps.filter { $0.identity == identity.data && $0.scheme == 1 }
        guard own.count == 1, let wrap = own.first else { return }
        let label = content.wrapLabel(identity: wrap.identity, version: wrap.version)
        guard let key = open(Int(wrap.version), label, Array(wrap.ciphertext)),
            key.count == SenderChain.keyByteCount
        else { return }
        chains[epoch] = SenderChain(key: key, index: content.firstIndex)
        guard !keepsPast else { return }
        // The session's older epochs are over: no new message uses them.
        chains = chains.filter {
            $0.key.session != epoch.session || $0.key.number >= epoch.number
                || epoch.number - $0.key.number == 1
        }
    }

    /// Decrypts a message; throws `ChatError` if it cannot be read.
    ///
    /// Messages of a revoked version are valid if their entry comes before the revocation in the
    /// log.
    mutating func open(_ entry: WireEntry, revocations: Revocations) throws -> Opened {
        guard let signed = try? WireSigned(serializedBytes: entry.body),
            let sender = senders[signed.session]
        else { throw ReceiverKeys.unreadable("its sender's announcement is missing") }
        let issuer = sender.certificate
        if let revoked = revocations.seq(of: issuer.identity, version: issuer.version),
            revoked <= entry.seq
        {
            throw ReceiverKeys.unreadable("its sender's key was revoked before it was sent")
        }
        guard SigningContext.message.isValid(signed, by: sender.certificate.signingKey),
            sender.certificate.certificate.isValid(
                at: entry.time / 1000,
                tolerance: SessionCertificate.clockTolerance
            ),
            let content = try? WireMessageContent(serializedBytes: signed.content),
            content.session == signed.session, content.chat == chat.data, content.room == room,
            content.id.count == MessageSeal.idByteCount, let seen = LogPosition(content.seen)
        else { throw ReceiverKeys.unreadable("its signature does not verify") }
        let epoch = Epoch(session: signed.session, number: content.epoch)
        guard let chain = chains[epoch], content.index >= chain.index else {
            throw ReceiverKeys.unreadable("it was not encrypted for any of your keys")
        }
        // The next message is one step further, so that step is not skipped.
        let skipped = max(0, Int(content.index - chain.index) - 1)
        let spent = skippedSteps[sender.certificate.identity, default: 0] + skipped
        guard spent <= ClientLimits.skippedStepCount else {
            throw ReceiverKeys.unreadable("its sender skipped too many message keys")
        }
        skippedSteps[sender.certificate.identity] = spent
        guard try chain.advance(to: content.index) else {
            throw ReceiverKeys.unreadable("it was not encrypted for any of your keys")
        }
        guard
            let text = try? MessageSeal.open(
                Array(content.ciphertext),
                commitment: Array(content.commitment),
                chain: chain,
                id: Array(content.id),
                header: content.associatedData
            )
        else { throw ReceiverKeys.unreadable("its ciphertext does not verify") }
        return Opened(
            from: sender.name,
            sender: sender.certificate,
            text: String(decoding: text, as: UTF8.self),
            id: Array(content.id),
            seen: seen
        )
    }

    static func unreadable(_ why: String) -> ChatError {
        ChatError(.unreadable, "a message cannot be read: \(why)")
    }
}
