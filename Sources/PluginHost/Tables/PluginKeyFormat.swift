internal import CryptoCore
internal import KeyFormats
internal import PluginWire
internal import Stanzas

/// A format of key files that a plugin reads and writes (`format-v1`).
struct PluginKeyFormat: KeyFormat {
    let id: String
    let title: String
    let fileExtension: String
    let content: KeyContent
    let isText: Bool
    private let offer: OfferID
    private let can: Set<FormatOffer.Content>
    private let session: PluginSession

    init(_ offer: Offer, _ format: FormatOffer, _ session: PluginSession) {
        id = offer.id.description
        title = offer.title
        self.offer = offer.id
        self.session = session
        fileExtension = format.fileExtension
        can = format.content
        isText = can.contains(.text)
        content = KeyContent(
            public: !can.isDisjoint(with: [.readPublic, .writePublic]),
            private: !can.isDisjoint(with: [.readPrivate, .writePrivate])
        )
    }

    /// `false`: a file never starts a plugin.
    func probe(_ bytes: RawSpan) -> Bool { false }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        guard !can.isDisjoint(with: [.readPublic, .readPrivate]) else {
            throw PluginHostError.cannot(session.name, "read files of the format \(id)")
        }
        let data = try session.perform(.readKeys(offer, file: StanzaBody(bytes)))
        return try data.map { item in
            switch item {
            case .publicKey(let der, let comment):
                let key = try strict { try PublicKey(spkiDER: der, allowingWeak: true) }
                return KeyEntry(.publicKey(key), name: comment ?? "")
            case .privateKey(let der, let comment):
                let key = try strict {
                    let key = try der.withBytes { try RSAPrivateKey(der: $0) }
                    try key.validate()
                    return key
                }
                return KeyEntry(.privateKey(key), name: comment ?? "")
            case .key, .signature, .secret, .file, .exportedFile, .signed, .signer:
                throw PluginHostError.wrongAnswer(session.name, "no key")
            }
        }
    }

    private func strict<Key>(_ body: () throws -> Key) throws -> Key {
        do { return try body() } catch {
            throw PluginHostError.wrongAnswer(session.name, "a key that is damaged or not RSA")
        }
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        guard let entry = entries.first, entries.count == 1 else {
            throw PluginHostError.cannot(session.name, "write several keys into one file")
        }
        let request: PluginRequest
        switch entry.material {
        case .publicKey(let key) where can.contains(.writePublic):
            request = .writePublicKey(offer, key.spkiDER, comment: entry.name)
        case .privateKey(let key) where can.contains(.writePrivate):
            let der = try key.pkcs8DERRepresentation()
            request = .writePrivateKey(offer, StanzaBody(der.bytes), comment: entry.name)
        case .publicKey, .privateKey, .lockedPrivateKey, .otherKind:
            throw PluginHostError.cannot(session.name, "write this kind of key")
        }
        guard case .file(let content) = try session.perform(request).first else {
            throw PluginHostError.wrongAnswer(session.name, "no file")
        }
        return content.secret()
    }
}
