internal import CryptoCore
internal import KeyFormats
internal import KeyOperations
internal import Keystore
internal import PluginWire

/// Keys that a plugin keeps (`provider-v1`).
struct PluginKeyProvider: KeyMaker {
    let id: String
    let title: String
    private let session: PluginSession

    init(_ session: PluginSession, title: String) {
        self.session = session
        self.title = title
        id = session.name.description
    }

    /// The key of a reference; `nil` where the plugin does not find it.
    ///
    /// Throws `PluginHostError` where the plugin or its device cannot be reached.
    func key(_ request: KeyRequest) throws -> (any IdentityKey)? {
        do {
            return try key(of: session.request(.open(reference: request.reference)).first)
        } catch let refusal as PluginRefusal {
            guard refusal.code != .notFound else { return nil }
            throw PluginHostError.refused(session.name, refusal)
        }
    }

    func make(bitCount: Int, label: String, where place: String?) throws -> ProvidedKey {
        let request = PluginRequest.generate(bitCount: bitCount, label: label, place: place)
        guard case .key(let description) = try session.perform(request).first else {
            throw PluginHostError.wrongAnswer(session.name, "no key")
        }
        let made = try provided(description)
        guard made.key.publicKey.bitCount == bitCount else {
            try? remove(made.place)
            throw PluginHostError.wrongAnswer(session.name, "a key of another size")
        }
        return made
    }

    func existing(where place: String?) throws -> [ProvidedKey] {
        var keys: [ProvidedKey] = []
        for case .key(let description) in try session.perform(.list(place: place)) {
            keys.append(try provided(description))
        }
        return keys
    }

    func remove(_ place: KeyPlace) throws {
        _ = try session.perform(.delete(reference: place.reference))
    }

    private func provided(_ description: KeyDescription) throws -> ProvidedKey {
        guard let place = KeyPlace(provider: id, reference: description.reference) else {
            throw PluginHostError.wrongAnswer(session.name, "no reference")
        }
        return ProvidedKey(key: try key(of: .key(description)), place: place)
    }

    private func key(of data: PluginData?) throws -> PluginKey {
        guard case .key(let description) = data else {
            throw PluginHostError.wrongAnswer(session.name, "no key")
        }
        return try PluginKey(description, session)
    }
}
