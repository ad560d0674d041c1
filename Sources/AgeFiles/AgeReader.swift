public import CryptoCore
public import DurableFiles

/// A file of the age format whose header has been read, and whose payload comes next.
///
/// ```swift
/// let reader = try AgeReader(InputFile("plan.pdf.age"))
/// if let opening = try reader.open(identities) {
///     try reader.decrypt(opening.fileKey.bytes, to: output)
/// }
/// ```
///
/// A reader is used by one task, once: the payload goes by as it is decrypted or copied.
public final class AgeReader {
    /// What the file says of its recipients.
    public let header: AgeHeader
    /// Whether the file is in armor.
    public let isArmored: Bool
    private let payload: any ByteSource

    /// Reads the header of a file, at most `AgeHeader.largestByteCount` bytes; `armored` says whether
    /// it must be in armor, else that is found out.
    ///
    /// Throws `AgeError` (codes `header` and `armor`) where it is broken, before anything behind it is
    /// looked at.
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
            // A long header is parsed once, when its last line has come, and not at each piece.
            if scanned == 0 || count == 0 || AgeHeader.mayEnd(head, from: scanned),
                let (header, byteCount) = try AgeHeader.parse(head)
            {
                self.header = header
                payload = PrecededSource(Array(head[byteCount...]), then: bytes)
                return
            }
            guard count > 0 else {
                // Nothing of it was age's: say so, and not that it was cut off.
                throw head.isEmpty ? AgeError.notAge : AgeError.truncatedHeader
            }
            guard head.count <= AgeHeader.largestByteCount else {
                throw AgeError.header("it is too long")
            }
            scanned = head.count
        }
    }

    /// Whether bytes begin as a file of the age format does: asked of files that may be private keys,
    /// of which nothing is copied.
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

    /// Which identity opened a file, and with what.
    public struct Opening: ~Copyable {
        /// The file key.
        public let fileKey: SecretBytes
        /// Which of the identities it was.
        public let identityIndex: Int
        /// Which of the stanzas it opened; `nil` where a plugin did.
        public let stanzaIndex: Int?
    }

    /// Finds the identity that opens the file; `nil` where none does.
    ///
    /// Each identity is tried with each stanza. `plugins` runs the plugins of identities that need
    /// one, each plugin once with all its identities and all stanzas. Throws `AgeError` where a stanza is broken (code
    /// `header`) or the header was changed (`headerMAC`), and what asking for a passphrase throws.
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

    /// Decrypts the payload; only once.
    ///
    /// Writes only what was authenticated, chunk by chunk. Throws `AgeError` (code `payload`) where
    /// the content was changed or cut off: what was written until then is the true beginning of the
    /// file, and not all of it.
    public func decrypt(_ fileKey: RawSpan, to sink: any ByteSink) throws {
        var reader = try AgePayloadReader(payload, fileKey: fileKey)
        while try reader.next({ try sink.write($0) }) {}
    }

    /// The payload, decrypted as it is read; only once.
    ///
    /// Its errors are those of `decrypt`.
    public func decrypted(_ fileKey: RawSpan) throws -> AgeDecryptedSource {
        let reader = try AgePayloadReader(payload, fileKey: fileKey)
        return AgeDecryptedSource(reader)
    }

    /// Hands the payload on as it is, behind another header of the same file key; only once.
    public func copyPayload(to sink: any ByteSink) throws {
        var room = SecretBuffer(count: 1 << 20)
        while true {
            let count = try payload.fill(&room, from: 0)
            guard count > 0 else { return }
            try sink.write(room.bytes.extracting(first: count))
        }
    }
}
