public import CryptoCore
public import DurableFiles

/// Reads a file of the age format: the header is read first, and the payload follows.
///
/// ```swift
/// let reader = try AgeReader(InputFile("plan.pdf.age"))
/// if let opening = try reader.open(identities) {
///     try reader.decrypt(opening.fileKey.bytes, to: output)
/// }
/// ```
///
/// One task uses a reader, and uses it once: the payload is read only once, as it is decrypted or
/// copied.
public final class AgeReader {
    /// The header, with the stanzas of the recipients.
    public let header: AgeHeader
    /// Whether the file is in armor.
    public let isArmored: Bool
    private let payload: any ByteSource

    /// Reads the header of a file, at most `AgeHeader.largestByteCount` bytes.
    ///
    /// `armored` says whether the file must be in armor; with `nil`, both forms are accepted.
    /// Throws `AgeError` (codes `header` and `armor`) if the header is damaged, before the payload
    /// is read.
    public init(_ source: any ByteSource, armored: Bool? = nil) throws {
        let start = try LeadingBytes(source, count: AgeArmor.begin.utf8.count)
        isArmored = armored ?? AgeArmor.begins(start.bytes)
        let bytes: any ByteSource =
            isArmored ? AgeArmorDecoder(start) : start
        var head: [UInt8] = []
        var room = SecretBuffer(count: 4096)
        var scanned = 0
        while true {
            let count = try room.withMutableBytes(0..<room.count) { try bytes.read(into: &$0) }
            head += SecretBytes(copying: room.bytes.extracting(first: count)).publicBytes
            // A long header is parsed only when its last line may be complete, and not for each
            // piece.
            if scanned == 0 || count == 0 || AgeHeader.mayEnd(head, from: scanned),
                let (header, byteCount) = try AgeHeader.parse(head)
            {
                self.header = header
                payload = PrecededSource(Array(head[byteCount...]), then: bytes)
                return
            }
            guard count > 0 else {
                // Without any line of the age format, the file is another format, and not an
                // incomplete one.
                throw head.isEmpty ? AgeError.notAge : AgeError.truncatedHeader
            }
            guard head.count <= AgeHeader.largestByteCount else {
                throw AgeError.header("it is too long")
            }
            scanned = head.count
        }
    }

    /// Returns whether bytes begin like a file of the age format.
    ///
    /// It copies nothing, because the bytes may be a private key.
    public static func begins(_ bytes: RawSpan) -> Bool {
        let room = AgeArmor.begin.utf8.count + AgeArmor.largestLeadingSpaceByteCount
        var start = 0
        while start < min(bytes.byteCount, room) {
            guard AgeArmor.isSpace(bytes.byte(at: start)) else { break }
            start += 1
        }
        let marks = [AgeArmor.begin, AgeHeader.versionLine]
        return marks.contains { mark in
            guard bytes.byteCount - start >= mark.utf8.count else { return false }
            for (index, character) in mark.utf8.enumerated() {
                guard bytes.byte(at: start + index) == character else { return false }
            }
            return true
        }
    }

    /// The result of opening a file: the file key, the identity and the stanza.
    public struct Opening: ~Copyable {
        /// The file key.
        public let fileKey: SecretBytes
        /// The index of the identity that opened the file.
        public let identityIndex: Int
        /// Which of the stanzas it opened; `nil` where a plugin did.
        public let stanzaIndex: Int?
    }

    /// Finds the identity that opens the file; returns `nil` if none does.
    ///
    /// Each identity is tried with each stanza. `plugins` runs the plugins of identities that need
    /// one, each plugin once with all its identities and all stanzas. Throws `AgeError` where a
    /// stanza is broken (code `header`) or the header was changed (`headerMAC`), and what asking for
    /// a passphrase throws.
    public func open(
        _ identities: [any AgeIdentity],
        plugins: (any AgePluginRunner)? = nil
    ) throws -> Opening? {
        let stanzas = header.stanzas
        let hasLonely = stanzas.contains {
            RecipientKinds.kind(ofType: $0.type)?.company == .alone
        }
        guard stanzas.count == 1 || !hasLonely else {
            throw AgeError.header("it combines a passphrase with other recipients")
        }
        var tried: Set<AgePluginName> = []
        for (identityIndex, identity) in identities.enumerated() {
            if let plugins, let identity = identity as? AgePlugin.Identity {
                guard tried.insert(identity.plugin).inserted else { continue }
                let all = identities.compactMap { $0 as? AgePlugin.Identity }
                    .filter { $0.plugin == identity.plugin }
                guard let fileKey = try plugins.unwrap(stanzas, with: all) else { continue }
                try header.require(fileKey: fileKey.bytes)
                return Opening(
                    fileKey: fileKey.copy(),
                    identityIndex: identityIndex,
                    stanzaIndex: nil
                )
            }
            for (stanzaIndex, stanza) in stanzas.enumerated() {
                guard let fileKey = try identity.unwrap(stanza) else { continue }
                try header.require(fileKey: fileKey.bytes)
                return Opening(
                    fileKey: fileKey.copy(),
                    identityIndex: identityIndex,
                    stanzaIndex: stanzaIndex
                )
            }
        }
        return nil
    }

    /// Decrypts the payload; call it only once.
    ///
    /// It writes only chunks that were authenticated. Throws `AgeError` (code `payload`) if the
    /// content was changed or cut off. Then the chunks before the fault were already written; they
    /// are authentic, and the content is incomplete.
    public func decrypt(_ fileKey: RawSpan, to sink: any ByteSink) throws {
        var reader = try AgePayloadReader(payload, fileKey: fileKey)
        while try reader.next({ try sink.write($0) }) {}
    }

    /// Returns the payload as a source that decrypts while it is read; call it only once.
    ///
    /// The source throws the errors of `decrypt`.
    public func decrypted(_ fileKey: RawSpan) throws -> AgeDecryptedSource {
        let reader = try AgePayloadReader(payload, fileKey: fileKey)
        return AgeDecryptedSource(reader)
    }

    /// Copies the encrypted payload, for a file with a new header and the same file key; call it
    /// only once.
    public func copyPayload(to sink: any ByteSink) throws {
        var room = SecretBuffer(count: 1 << 20)
        while true {
            let count = try payload.fill(&room, from: 0)
            guard count > 0 else { return }
            try sink.write(room.bytes.extracting(first: count))
        }
    }
}
