internal import CryptoCore
internal import KeyFormats
internal import KeyOperations
internal import PluginProcess
internal import PluginWire
internal import Stanzas

/// The checks of what a plugin offers.
extension PluginTest {
    func run(_ offer: Offer, makesKeys: Bool) {
        switch offer.capability {
        case .export: runExport(offer.id)
        case .secret: runSecret(offer.id)
        case .format(let format): runFormat(offer.id, format)
        case .signature(let format): runSignature(offer.id, format)
        case .provider: runProvider(makesKeys: makesKeys)
        }
    }

    private func runExport(_ id: OfferID) {
        let line = "active alice 1 2026-11-21T12:00:00Z - AAAA\n"
        for count in [0, 1, 1_000] {
            let keys = Array(String(repeating: line, count: count).utf8)
            check("\(id): exports \(count) keys") { try perform(.exportFiles(id, keys: keys)) }
        }
        runCommon("\(id)", .exportFiles(id, keys: []))
    }

    private func runSecret(_ id: OfferID) {
        let request = PluginRequest.secret(
            id,
            identity: "keyctl-test",
            prompt: "Passphrase for keyctl-test"
        )
        check("\(id): gives a passphrase, or says that it has none") {
            do { try perform(request) } catch let refusal as PluginRefusal {
                guard [.notFound, .unavailable, .refused].contains(refusal.code) else {
                    throw refusal
                }
            }
        }
        runCommon("\(id)", request)
    }

    private func runFormat(_ id: OfferID, _ format: FormatOffer) {
        if !format.content.isDisjoint(with: [.readPublic, .readPrivate]) {
            check("\(id): refuses bytes that are not of its format") {
                let noise = StanzaBody([0, 255, 1, 254, 10, 13])
                try requireRefusal(.readKeys(id, file: noise), [.notMine, .invalid])
            }
        }
        check("\(id): reads what it writes") { try readWhatIsWritten(id, format.content) }
        runCommon("\(id)", .readKeys(id, file: StanzaBody([0])))
    }

    private func readWhatIsWritten(_ id: OfferID, _ content: Set<FormatOffer.Content>) throws {
        let key = try RSAPrivateKey.generate(bitCount: 2048)
        let spki = try key.publicKey.spkiDERRepresentation()
        let der = try key.pkcs8DERRepresentation()
        if content.contains(.writePublic) {
            let file = try file(.writePublicKey(id, spki, comment: "alice"))
            if content.contains(.readPublic) {
                guard case .publicKey(spki, _)? = try only(.readKeys(id, file: file)) else {
                    throw PluginTestFailure("the public key that it read is another one")
                }
            }
        }
        if content.contains(.writePrivate) {
            let file = try file(.writePrivateKey(id, StanzaBody(der.bytes), comment: "alice"))
            if content.contains(.readPrivate) {
                let other = PluginTestFailure("the private key that it read is another one")
                guard case .privateKey(let read, _)? = try only(.readKeys(id, file: file)) else {
                    throw other
                }
                let again = try read.withBytes { try RSAPrivateKey(der: $0) }
                guard try again.publicKey.spkiDERRepresentation() == spki else { throw other }
            }
        }
    }

    private func runSignature(_ id: OfferID, _ format: SignatureOffer) {
        check("\(id): reads the signature that it makes") { try signAndRead(id, format) }
        let digest = [UInt8](repeating: 1, count: format.hash.byteCount)
        let request = PluginRequest.readSignature(id, digest: digest, namespace: nil, file: [0])
        check("\(id): refuses bytes that are no signature") {
            try requireRefusal(request, [.notMine, .invalid])
        }
        runCommon("\(id)", request)
    }

    private func signAndRead(_ id: OfferID, _ format: SignatureOffer) throws {
        let key = try RSAPrivateKey.generate(bitCount: 2048)
        let spki = try key.publicKey.spkiDERRepresentation()
        let digest = try format.hash.digest(of: Array("keyctl plugin test".utf8).borrowedBytes)
        let namespace = format.flags.contains(.namespace) ? "file" : nil
        let made = try perform(
            .makeSignature(id, digest: digest, namespace: namespace, signer: spki)
        ) { scheme, bytes in
            let signed = try scheme.hash.digest(of: bytes.borrowedBytes)
            return try key.sign(.digest(signed, scheme))
        }
        guard case .file(let file)? = made?.first else { return }
        let read = try perform(
            .readSignature(id, digest: digest, namespace: namespace, file: file.publicBytes)
        )
        let bad = PluginTestFailure("the signature that it read does not verify")
        guard case .signed(let scheme, let signature, let content)? = read?.first else { throw bad }
        let signed = try scheme.hash.digest(of: content.borrowedBytes)
        guard key.publicKey.isValidSignature(signature, ofDigest: signed, scheme: scheme) else {
            throw bad
        }
        guard format.flags.contains(.namesKey) else { return }
        guard case .signer(spki)? = read?.last else {
            throw PluginTestFailure("it does not name the key of the signature")
        }
    }

    private func runProvider(makesKeys: Bool) {
        check("\(name): lists its keys") {
            do { try perform(.list(place: nil)) } catch let refusal as PluginRefusal {
                guard refusal.code == .unavailable else { throw refusal }
            }
        }
        check("\(name): does not find an unknown key") {
            try requireRefusal(
                .open(reference: Array("keyctl plugin test".utf8)),
                [.notFound, .invalid, .unavailable, .cancelled]
            )
        }
        runCommon("\(name)", .list(place: nil))
        guard makesKeys else { return }
        check("\(name): makes a key that signs and decrypts, and removes it") { try makeKey() }
    }

    private func makeKey() throws {
        let connection = try connect()
        defer { connection.end() }
        let request = PluginRequest.generate(bitCount: 2048, label: "keyctl test", place: nil)
        guard case .key(let made)? = try connection.perform(request).first else { return }
        let key = try PublicKey(spkiDER: made.publicKey).rsa
        let text = Array("keyctl key trial v1\n".utf8)
        let sign = PluginRequest.sign(reference: made.reference, .statement(text))
        guard case .signature(let signature)? = try connection.perform(sign).first,
            key.isValidSignature(signature, over: text)
        else { throw PluginTestFailure("its signature does not verify") }
        let wrapped = try key.encrypt(text.borrowedBytes, label: [1])
        let unwrap = PluginRequest.unwrap(
            reference: made.reference,
            ciphertext: wrapped,
            label: [1]
        )
        guard case .secret(let opened)? = try connection.perform(unwrap).first,
            opened.publicBytes == text
        else { throw PluginTestFailure("it decrypted to something else") }
        _ = try connection.perform(.delete(reference: made.reference))
    }

    /// What holds for every request.
    private func runCommon(_ id: String, _ request: PluginRequest) {
        check("\(id): ignores arguments of a later time") {
            let connection = try connect()
            // A place or a namespace may come before them, so they look like one.
            do {
                _ = try connection.perform(request, adding: ["eA", "eA", "eA"])
            } catch is PluginRefusal {}
            try requireGoodEnd(connection.end())
        }
        check("\(id): ends when the host goes away") {
            let ending = try connect().abandon(request)
            guard ending != .stopped else {
                throw PluginTestFailure("it did not end when its input ended in a request")
            }
        }
    }

    private func file(_ request: PluginRequest) throws -> StanzaBody {
        guard case .file(let content)? = try perform(request)?.first else {
            throw PluginTestFailure("it asked a question instead of writing the file")
        }
        return content
    }

    private func only(_ request: PluginRequest) throws -> PluginData? {
        guard let data = try perform(request) else { return nil }
        guard data.count == 1 else {
            throw PluginTestFailure("it read \(data.count) keys, not one")
        }
        return data.first
    }
}
